"""Fills both databases with made-up people and their work, the same at every run."""
