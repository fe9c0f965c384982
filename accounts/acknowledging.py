"""Keeps protected pages shut until the rules in force were accepted."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts import visit
from accounts.services import acknowledgements

View = Callable[..., HttpResponseBase]


def before_rules(view: View) -> View:
    """Open also to people who have not accepted the rules yet: the page where they do."""
    view.before_rules = True  # type: ignore[attr-defined]
    return view


class RulesMiddleware:
    """Leads people who owe an acceptance to the page that asks for it, from everywhere else.

    Stands behind ``SignInRequiredMiddleware``. What was found at the first page is kept
    with the session, so that no later page pays for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """As Django wants it."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing is known before the view is."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Let public pages and those of settled sessions pass."""
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        session = visit.known(request)
        if session is None or getattr(view, "before_rules", False):
            return None
        if session.rules_checked_at is not None or acknowledgements.is_settled(session):
            return None
        wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
        query = "?" + urlencode({"next": wanted}) if wanted else ""
        return redirect(reverse("accounts:acknowledge") + query)
