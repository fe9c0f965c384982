"""Registers the room of requests, decisions and grants."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessRequestsConfig(AppConfig):
    """Requests for access."""

    name = "access_requests"
    verbose_name = _("Requests and access")
