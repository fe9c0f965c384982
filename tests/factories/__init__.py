"""Builders of the rows that tests start from."""
