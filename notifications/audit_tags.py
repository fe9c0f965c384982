"""What is written into the audit log about mails (by the portal, which knows both rooms)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tag(models.TextChoices):
    """Audit tags, ``subject:action``."""

    RETRY = "mail:retry", _("Failed mail tried again")
