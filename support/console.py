"""What every page of the help desk console shares: its menu, and who may open it how."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from accounts.access import to_step_up
from accounts.assurance import is_strong
from accounts.models import User
from support import desks
from support.policies import may_retry_mail

View = Callable[..., HttpResponseBase]


def strong_sign_in(view: View) -> View:
    """Besides its marker: asks for a strong second factor, or says how to get one."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = cast(User, request.user)
        if is_strong(user):
            return view(request, *args, **kwargs)
        if user.has_strong_factor:
            return to_step_up(request)
        return page(request, "support/helpdesk_needs_factor.html", status=403)

    return guarded


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render a page of the console with its menu; no cache may keep it."""
    context = {"sidenav": menu(request), **(context or {})}
    response = render(request, template, context, status=status)
    patch_cache_control(response, no_store=True, private=True)
    return response


def search_href(agent: User) -> str:
    """Return where the agent looks for people: the widest search that is open to them."""
    name = "helpdesk_enterprise" if desks.desk_of(agent).everybody else "helpdesk"
    return reverse(f"support:{name}")


def menu(request: HttpRequest) -> list[dict[str, object]]:
    """Return the links beside the pages."""
    entries = [
        (_("Application Search"), reverse("support:helpdesk")),
        (_("Proposals"), reverse("support:helpdesk_proposals")),
        (_("Security Cases"), reverse("support:helpdesk_cases")),
    ]
    if desks.desk_of(cast(User, request.user)).everybody:
        entries.insert(1, (_("Enterprise Search"), reverse("support:helpdesk_enterprise")))
    if may_retry_mail(request.user):
        entries.append((_("Failed Mail"), reverse("support:helpdesk_mail")))
    return [
        {"label": label, "href": href, "current": href == request.path} for label, href in entries
    ]
