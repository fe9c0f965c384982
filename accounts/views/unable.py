"""For people at the sign-in who cannot get a code, or have no device yet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import half
from accounts.access import login_not_required
from accounts.services import unable as service
from accounts.views import by_questions

_WAY = by_questions.Way(
    name="unable_user_id",
    first="accounts:unable",
    questions="accounts:unable_questions",
    sent="accounts:unable_sent",
    first_template="accounts/unable_user_id.html",
    questions_template="accounts/unable_questions.html",
    act=service.send_code,
)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unable(request: HttpRequest) -> HttpResponse:
    """Whose code is missing? The sign-in that was begun is left."""
    half.drop(request.session)
    return by_questions.ask_user_id(request, _WAY)


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """The three questions; right answers send a one-time code."""
    return by_questions.ask_questions(request, _WAY)


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "accounts/unable_sent.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register_device(request: HttpRequest) -> HttpResponse:
    """Lead from the sign-in to a new device: a whole sign-in first, then the questions."""
    if request.method != "POST":
        return render(request, "accounts/unable_register_device.html")
    half.drop(request.session)
    wanted = urlencode({"next": reverse("accounts:mfa_register")})
    return redirect(f"{reverse('accounts:login')}?{wanted}")
