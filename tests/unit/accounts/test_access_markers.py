"""Every view says who may open it, and the public ones stand in this list."""

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# Whoever adds a line here opens a page to everybody.
PUBLIC = {
    "",
    "healthz",
    "readyz",
    "terms/",
    "rules-of-behavior/",
    "login/",
    "login/password/",
    "login/passkey/",
    "login/unable/",
    "login/unable/questions/",
    "login/unable/sent/",
    "login/register-device/",
    "login/unlock/",
    "login/unlock/sent/",
    "login/unlock/code/",
    "login/unlock/link/<str:token>/",
    "logout/",
    "register/",
    "register/terms/",
    "register/information/",
    "register/credentials/",
    "register/confirmation/",
    "register/activate/",
    "register/activate/<str:token>/",
    "register/activated/",
    "profile/accessibility/",
    "profile/email/confirm/",
    "profile/email/confirm/<str:token>/",
    "profile/email/confirmed/",
    "forgot-user-id/",
    "forgot-user-id/sent/",
    "forgot-password/",
    "forgot-password/questions/",
    "forgot-password/sent/",
    "forgot-password/link/<str:token>/",
    "forgot-password/proof/",
    "forgot-password/new/",
    "forgot-password/waiting/",
    "forgot-password/done/",
    "not-me/",
    "not-me/link/<str:token>/",
    "not-me/done/",
    "help/",
    "provider-resources/",
    "quality-improvement/",
    "quality-improvement/destinations/",
    "quality-improvement/destinations/<slug:destination>/",
    "about/",
    "newsroom/",
    "archive/",
    "contact/",
    "email-alerts/",
    "printing/",
    "privacy/",
    "accessibility/",
    "paperwork-reduction-act/",
    "mailbox/",
    "mailbox/codes/",
    "mailbox/<int:pk>/",
    "mailbox/<int:pk>/html/",
}

View = Callable[..., Any]


def views(
    patterns: list[URLPattern | URLResolver] | None = None, before: str = ""
) -> Iterator[tuple[str, View]]:
    """Every address of the portal with its view."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def test_the_walk_finds_the_portal() -> None:
    assert len(list(views())) > 60


def test_every_view_carries_a_marker() -> None:
    without = [
        route for route, view in views() if not isinstance(getattr(view, "access", None), str)
    ]

    assert without == []


def test_markers_are_of_the_three_kinds() -> None:
    kinds = {view.access.partition(":")[0] for _route, view in views()}  # type: ignore[attr-defined]

    assert kinds == {"public", "signed_in", "allowed_by"}


def test_the_public_views_are_the_ones_written_down() -> None:
    public = {route for route, view in views() if view.access == "public"}  # type: ignore[attr-defined]

    assert public == PUBLIC


def test_marker_and_middleware_agree() -> None:
    disagreeing = [
        route
        for route, view in views()
        if (view.access == "public") == getattr(view, "login_required", True)  # type: ignore[attr-defined]
    ]

    assert disagreeing == []
