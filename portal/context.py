"""What every page's frame shows and no room owns; runs no SQL."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Return facts of the installation for the layout."""
    return {
        "mailbox_enabled": settings.MAILBOX_ENABLED,
        "is_demo": not settings.IS_PRODUCTION,
        "omb_control_number": settings.OMB_CONTROL_NUMBER,
        "omb_expiration_date": settings.OMB_EXPIRATION_DATE,
    }
