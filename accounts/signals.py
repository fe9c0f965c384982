"""The one signal that points upwards: an account was switched off."""

from django.dispatch import Signal

user_deactivated = Signal()
"""Sent inside the deactivating transaction with ``user`` and ``actor``."""
