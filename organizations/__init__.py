"""The bodies outside the agency that a role is held for."""
