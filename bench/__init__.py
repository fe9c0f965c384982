"""Measures the portal against a limit application that does only what nobody can leave out."""
