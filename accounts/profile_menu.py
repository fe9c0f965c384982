"""The menu beside the pages about oneself."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

_ENTRIES = (
    ("accounts:profile", _("View My Profile")),
    ("accounts:change_profile", _("Change My Profile")),
    ("accounts:mfa_devices", _("Manage MFA Devices")),
    ("accounts:change_password", _("Change Password")),
    ("accounts:change_questions", _("Change Challenge Questions")),
    ("accounts:history", _("Sign-in History")),
    ("accounts:sessions", _("Sessions")),
    ("support:helpdesk_code", _("Help Desk Code")),
    ("accounts:accessibility", _("Accessibility")),
    ("accounts:my_data", _("Download My Data")),
)


def of(request: HttpRequest) -> list[dict[str, object]]:
    """The entries; pages below one, the steps of adding a device for example, mark it too."""
    path, top = request.path, reverse("accounts:profile")
    entries = [(label, reverse(name)) for name, label in _ENTRIES]
    return [
        {
            "label": label,
            "href": href,
            "current": href == path,
            "holds_current": href != top and path.startswith(href),
        }
        for label, href in entries
    ]
