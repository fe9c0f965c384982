"""How long the session goes on, and going on with it; the script of the warning asks."""

from typing import cast

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in
from accounts.acknowledging import before_rules
from accounts.models import User
from accounts.time_left import TimeLeft


@signed_in
@before_rules
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def time_left(request: HttpRequest) -> JsonResponse:
    """Answer with the seconds left, whose session it is, and a token for the page that asks.

    Being here counts as activity like any other page, so the POST of "Continue" has nothing more
    to do. Who only asks sends ``X-Portal-Poll``.
    """
    person = cast(User, request.user)
    left = cast(TimeLeft, person.session_left)
    return JsonResponse(
        {
            "seconds": left.seconds,
            "until_warning": left.until_warning,
            "is_final": left.is_final,
            "person": person.user_id,
            "token": get_token(request),
        }
    )
