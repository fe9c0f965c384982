"""Registers the accounts room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People, their registration, their sign-in and their sessions."""

    name = "accounts"
    verbose_name = _("Accounts")
