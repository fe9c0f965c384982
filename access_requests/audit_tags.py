"""What the room of requests writes into the audit log."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tag(models.TextChoices):
    """Audit tags, ``subject:action``."""

    SUBMIT = "access_request:submit", _("Request submitted")
    APPROVE = "access_request:approve", _("Request approved")
    DENY = "access_request:deny", _("Request denied")
    RETURN = "access_request:return_for_information", _("Request returned for information")
    RESUBMIT = "access_request:resubmit", _("Request submitted again")
    WITHDRAW = "access_request:withdraw", _("Request canceled")
    EXPIRE = "access_request:expire", _("Request expired")
    REMIND = "access_request:remind", _("Reminder sent")
    REROUTE = "access_request:reroute", _("Request passed to others")
    RECOGNIZE = "access_request:recognize_organization", _("Organization recognized")
    GRANT_ISSUE = "grant:issue", _("Access given")
    GRANT_REMOVE = "grant:remove", _("Role removed by its holder")
    GRANT_REVOKE = "grant:revoke", _("Role revoked")
    PERMISSIONS_MEND = "grant:mend_permissions", _("Object permissions mended")
