"""Changing the password while signed in."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import passwords, visit
from accounts.access import recent_sign_in, signed_in
from accounts.forms import posted
from accounts.forms.passwords import ChangePasswordForm
from accounts.models import User
from accounts.reasons import Reason
from accounts.services import password_change
from accounts.verdicts import Refusal


@signed_in
@sensitive_post_parameters("current_password", "password", "confirm_password")
@never_cache
@recent_sign_in()
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Ask for the old password and twice for the new one."""
    user = cast(User, request.user)
    form = ChangePasswordForm(posted(request), user=user)
    if request.method == "POST" and form.is_valid() and _change(request, form):
        messages.success(
            request, _("Your password was changed. Other browsers and devices were logged out.")
        )
        return redirect("accounts:profile")
    context = {"form": form, "rules": passwords.rules(), "names": user.get_short_name()}
    return render(request, "accounts/password_change.html", context)


def _change(request: HttpRequest, form: ChangePasswordForm) -> bool:
    """Whether the service took it; then this browser gets a new session key."""
    try:
        user = password_change.change(
            session=visit.of(request),
            current=form.cleaned_data["current_password"],
            password=form.cleaned_data["password"],
        )
    except Refusal as refusal:
        fields = {
            Reason.PASSWORD_WRONG: "current_password",
            Reason.PASSWORD_USED_BEFORE: "password",
        }
        form.add_error(fields.get(cast(Reason, refusal.reason)), refusal.label)
        return False
    request.session.cycle_key()
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    rotate_token(request)
    return True
