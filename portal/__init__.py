"""Wires the rooms together: settings, addresses, Celery, health. Decides nothing."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
