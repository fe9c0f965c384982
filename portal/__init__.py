"""Wires the rooms together: settings, addresses, Celery, health. Decides nothing."""
