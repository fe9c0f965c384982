"""Forms of the accounts pages: clean, normalise, phrase field errors."""

from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when it is empty; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None
