"""Asking for access, deciding, and the access that follows."""
