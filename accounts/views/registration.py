"""The registration, step by step; no step can be skipped."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts import passwords
from accounts.access import login_not_required
from accounts.forms import posted
from accounts.forms.credentials import CredentialsForm, names_of
from accounts.forms.registration import InformationForm, TermsForm
from accounts.services import registration
from accounts.verdicts import Refusal
from audit.context import client_address

STATE = "registration"
BROWSER = "registration_browser"
STEPS = ("terms", "information", "credentials", "confirmation")

View = Callable[[HttpRequest, dict[str, Any]], HttpResponse]


def _next_step(state: dict[str, Any]) -> str:
    """The first step that is not done yet."""
    return next((step for step in STEPS[:-1] if step not in state), STEPS[-1])


def _step(name: str) -> Callable[[View], Callable[[HttpRequest], HttpResponse]]:
    """A page of the wizard: public, never stored, and only when the steps before are done."""

    def decorate(view: View) -> Callable[[HttpRequest], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            state = request.session.get(STATE, {})
            reached = _next_step(state)
            too_early = STEPS.index(name) > STEPS.index(reached)
            # What was sent cannot be changed any more.
            too_late = reached == STEPS[-1] and name != reached
            if too_early or too_late:
                return redirect(f"accounts:register_{reached}")
            return view(request, state)

        return login_not_required(  # type: ignore[no-any-return]
            never_cache(require_http_methods(["GET", "HEAD", "POST"])(guarded))
        )

    return decorate


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Begin anew after a registration was sent; otherwise go on where somebody stopped."""
    state = request.session.get(STATE, {})
    if _next_step(state) == STEPS[-1]:
        request.session.pop(STATE, None)
    return redirect("accounts:register_terms")


@_step("terms")
def terms(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    """Step 1: the terms and conditions."""
    form = TermsForm(posted(request), initial={"agree": "terms" in state})
    if request.method == "POST" and form.is_valid():
        _keep(request, {**state, "terms": clock.now().isoformat()})
        return redirect("accounts:register_information")
    return _page(request, "terms", form)


@_step("information")
def information(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    """Step 2: who the person is. The date of birth is judged here and goes no further."""
    form = InformationForm(posted(request), initial=state.get("information", {}))
    if request.method == "POST" and form.is_valid():
        _keep(request, {**state, "information": form.kept()})
        return redirect("accounts:register_credentials")
    return _page(request, "information", form)


@sensitive_post_parameters()
def _credentials(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    """Step 3: User ID, password and challenge questions; sends the registration."""
    names = names_of(state["information"])
    form = CredentialsForm(posted(request), names=names)
    if request.method == "POST" and form.is_valid():
        try:
            _submit(request, state, form)
        except Refusal as refusal:
            form.add_error(None, refusal.label)
        else:
            sent = {"email": state["information"]["email"]}
            _keep(request, {"terms": True, "information": True, "credentials": sent})
            return redirect("accounts:register_confirmation")
    extra = {"rules": passwords.rules(), "names": " ".join(names)}
    return _page(request, "credentials", form, **extra)


credentials = _step("credentials")(_credentials)


@_step("confirmation")
def confirmation(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    """Step 4: look into your mailbox; sends the mail again on demand."""
    email = state["credentials"]["email"]
    if request.method == "POST":
        registration.resend(email=email, browser_token=request.session.get(BROWSER, ""))
        messages.success(
            request,
            _(
                "If a message is due, it is on its way. At most five messages an hour go to one "
                "address, and only the link in the newest one works."
            ),
        )
        return redirect("accounts:register_confirmation")
    return _page(request, "confirmation", None, email=email)


def _submit(request: HttpRequest, state: dict[str, Any], form: CredentialsForm) -> None:
    browser_token = request.session.setdefault(BROWSER, get_random_string(40))
    person = dict(state["information"])
    registration.submit(
        email=person.pop("email"),
        person=person,
        user_id=form.cleaned_data["user_id"],
        password=form.cleaned_data["password"],
        challenge_answers=form.challenge_answers(),
        browser_token=browser_token,
        address=client_address(request),
        terms_accepted_at=parse_datetime(state["terms"]),
    )


def _keep(request: HttpRequest, state: dict[str, Any]) -> None:
    request.session[STATE] = state


def _page(request: HttpRequest, step: str, form: Any, **context: Any) -> HttpResponse:
    context |= {"form": form, "steps": _indicator(step)}
    return render(request, f"accounts/register_{step}.html", context)


def _indicator(current: str) -> list[dict[str, str]]:
    labels = (
        _("Terms and conditions"),
        _("Your information"),
        _("User ID and password"),
        _("Confirmation"),
    )
    at = STEPS.index(current)
    states = ["complete"] * at + ["current"] + ["incomplete"] * (len(STEPS) - at - 1)
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]
