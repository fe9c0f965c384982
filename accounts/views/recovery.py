"""For people who forgot their User ID."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import login_not_required
from accounts.forms import posted
from accounts.forms.recovery import ForgotUserIdForm
from accounts.services import recovery
from accounts.verdicts import Refusal
from audit.context import client_address


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgot_user_id(request: HttpRequest) -> HttpResponse:
    """Mail the User ID; the page says the same to everybody."""
    form = ForgotUserIdForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            recovery.send_user_id(**form.cleaned_data, address=client_address(request))
        except Refusal as refusal:
            form.add_error(None, refusal.label)
            return render(request, "accounts/forgot_user_id.html", {"form": form}, status=429)
        return redirect("accounts:forgot_user_id_sent")
    return render(request, "accounts/forgot_user_id.html", {"form": form})


@login_not_required
@require_safe
def forgot_user_id_sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "accounts/forgot_user_id_sent.html")
