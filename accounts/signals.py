"""What points upwards: an account was switched off, or a proof of identity was taken back."""

from django.dispatch import Signal

user_deactivated = Signal()
"""Sent inside the deactivating transaction with ``user`` and ``actor``."""

identity_withdrawn = Signal()
"""Sent with ``user`` in the transaction that took the proof of identity back."""
