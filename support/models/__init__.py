"""The tables of the support room."""

from support.models.contacts import CallerCode, Contact
from support.models.proposals import Proposal

__all__ = ["CallerCode", "Contact", "Proposal"]
