"""Registers the catalog."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """The access catalog."""

    name = "catalog"
    verbose_name = _("Access catalog")
