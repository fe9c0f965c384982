"""Forms of the support room."""
