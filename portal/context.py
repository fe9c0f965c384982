"""What every page's frame shows and no room owns; runs no SQL."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Return facts of the installation for the layout, and where the visitor is.

    ``fixed_path`` is empty for addresses with a changing part, so that what is kept for each of
    them stays little.
    """
    match = request.resolver_match
    return {
        "fixed_path": request.path if match and not match.kwargs and not match.args else "",
        "mailbox_enabled": settings.MAILBOX_ENABLED,
        "is_demo": not settings.IS_PRODUCTION,
        "omb_control_number": settings.OMB_CONTROL_NUMBER,
        "omb_expiration_date": settings.OMB_EXPIRATION_DATE,
    }
