"""Change My Profile: e-mail, phone, home address, business contact information."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import recent_sign_in, signed_in
from accounts.forms import posted
from accounts.forms.profile import BusinessContactForm, ChangeProfileForm, HomeAddressForm
from accounts.models import User
from accounts.services import email_change
from accounts.services import profile as service
from accounts.verdicts import Refusal
from accounts.views.profile_questions import questions_answered


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in(minutes=5)
@questions_answered
def change_profile(request: HttpRequest) -> HttpResponse:
    """Ask for another e-mail address, keep another phone number; back to View My Profile."""
    user = cast(User, request.user)
    form = ChangeProfileForm(posted(request), user=user)
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, user, form.cleaned_data)
        except Refusal as refusal:
            form.add_error("email", refusal.label)
        else:
            return redirect("accounts:profile")
    return render(request, "accounts/profile_change.html", {"form": form})


def _change(request: HttpRequest, user: User, wanted: dict[str, Any]) -> None:
    """The wish for an address first: when it is refused, nothing at all has changed."""
    is_asked = wanted["email"] != user.email
    if is_asked:
        email_change.ask(user=user, email=wanted["email"], actor=user)
        text = _("We sent a link to %(email)s. Open it to make that your e-mail address.")
        messages.info(request, text % {"email": wanted["email"]})
    if wanted["phone"] and service.change_phone(user_id=user.pk, phone=wanted["phone"]):
        messages.success(request, _("Your phone number is changed."))
    elif not is_asked:
        messages.info(request, _("Nothing was changed."))


@signed_in
@require_POST
def cancel_email_change(request: HttpRequest) -> HttpResponse:
    """Let the wish for another e-mail address go."""
    try:
        email_change.cancel(user=cast(User, request.user))
    except Refusal as refusal:
        messages.info(request, refusal.label)
    else:
        messages.success(request, _("Your e-mail address stays as it is."))
    return redirect("accounts:profile")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in(minutes=5)
@questions_answered
def change_home_address(request: HttpRequest) -> HttpResponse:
    """Keep another residence address."""
    user = cast(User, request.user)
    known = {name: getattr(user, name) for name in service.HOME_ADDRESS}
    form = HomeAddressForm(posted(request), initial=known)
    if request.method == "POST" and form.is_valid():
        is_new = service.change_home_address(user_id=user.pk, address=form.cleaned_data)
        return _back(request, is_new=is_new)
    return render(request, "accounts/profile_home_address.html", {"form": form})


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in(minutes=5)
@questions_answered
def change_business_contact(request: HttpRequest) -> HttpResponse:
    """Keep other business contact information."""
    user = cast(User, request.user)
    form = BusinessContactForm(posted(request), contact=service.business_contact_of(user))
    if request.method == "POST" and form.is_valid():
        is_new = service.change_business_contact(user_id=user.pk, contact=form.cleaned_data)
        return _back(request, is_new=is_new)
    return render(request, "accounts/profile_business_contact.html", {"form": form})


def _back(request: HttpRequest, *, is_new: bool) -> HttpResponse:
    if is_new:
        messages.success(request, _("Your profile is changed."))
    else:
        messages.info(request, _("Nothing was changed."))
    return redirect("accounts:profile")
