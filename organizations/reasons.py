"""Why an organization cannot be brought into the portal, and what to do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Codes of refusals."""

    RETIRED = (
        "organization_retired",
        _(
            "This organization was retired from the portal. "
            "Ask a portal administrator to bring it back first."
        ),
    )
    NO_NAME = "organization_without_name", _("Enter the name of the organization.")
