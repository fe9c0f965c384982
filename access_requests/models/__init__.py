"""Requests, decisions and grants."""

from access_requests.models.decisions import Decision, InformationRequest
from access_requests.models.grants import Grant
from access_requests.models.requests import AccessRequest

__all__ = ["AccessRequest", "Decision", "Grant", "InformationRequest"]
