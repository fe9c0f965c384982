"""What the log calls the events of organizations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tag(models.TextChoices):
    """Tags of the form subject:action."""

    ORGANIZATION_REGISTER = "organization:register", _("Organization registered")
    ORGANIZATION_CREATE = "organization:create", _("Organization added")
    ORGANIZATION_CHANGE = "organization:change", _("Organization changed")
    ORGANIZATION_DELETE = "organization:delete", _("Organization deleted")
