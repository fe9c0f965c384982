"""Why something in the support room is not allowed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Codes of refusals; the label tells a person what to do."""

    NOT_AN_AUDITOR = "not_an_auditor", _("Only auditors can read the audit log.")
