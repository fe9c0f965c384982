"""The way to a bureau that proves who somebody is; which one is a setting, see docs/proofing.md."""
