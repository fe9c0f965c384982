"""Forgot Password, first half: User ID, challenge questions, and the mail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import login_not_required
from accounts.services import recovery_start
from accounts.views import by_questions

_WAY = by_questions.Way(
    name="recovery_user_id",
    first="accounts:forgot_password",
    questions="accounts:forgot_password_questions",
    sent="accounts:forgot_password_sent",
    first_template="accounts/forgot_password.html",
    questions_template="accounts/forgot_questions.html",
    act=recovery_start.start,
)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgot_password(request: HttpRequest) -> HttpResponse:
    """Ask whose password is forgotten."""
    return by_questions.ask_user_id(request, _WAY)


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """The three questions; right answers send the link."""
    return by_questions.ask_questions(request, _WAY)


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "accounts/forgot_password_sent.html")
