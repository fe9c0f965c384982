"""Forms of the accounts pages: clean, normalise, phrase field errors."""
