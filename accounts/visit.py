"""The registry row of a visitor's session, which the middleware puts beside the request."""

from django.http import HttpRequest

from accounts.models import PortalSession

_NAME = "portal_session"


def note(request: HttpRequest, session: PortalSession | None) -> None:
    """Put the row there; only the middleware does."""
    setattr(request, _NAME, session)


def known(request: HttpRequest) -> PortalSession | None:
    """The row, or None for a visitor who is not signed in or whom nobody has looked at yet."""
    session: PortalSession | None = getattr(request, _NAME, None)
    return session


def of(request: HttpRequest) -> PortalSession:
    """The row of somebody who is signed in. Raises ValueError for anybody else."""
    session = known(request) if request.user.is_authenticated else None
    if session is None:
        raise ValueError("nobody is signed in")
    return session
