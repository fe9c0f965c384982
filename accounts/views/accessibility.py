"""How the pages look: for the account of somebody signed in, for the browser of a visitor."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import display
from accounts.access import login_not_required
from accounts.forms import posted
from accounts.forms.accessibility import AccessibilityForm
from accounts.services import accessibility as service


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def accessibility(request: HttpRequest) -> HttpResponse:
    """Choose contrast, text size and movement; the page itself shows what was chosen."""
    form = AccessibilityForm(posted(request), initial=vars(display.of(request)))
    if request.method == "POST" and form.is_valid():
        return _keep(request, form.display())
    return render(request, "accounts/accessibility.html", {"form": form})


def _keep(request: HttpRequest, chosen: display.Display) -> HttpResponse:
    if request.user.is_authenticated:
        service.choose(user_id=request.user.pk, display=chosen)
    messages.success(request, _("Your accessibility settings are saved."))
    response = redirect("accounts:accessibility")
    display.remember(response, chosen)
    return response
