"""Decides where a person may be sent next: always to a path of this portal."""

import unicodedata
from urllib.parse import unquote, urlsplit

from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

MAX_LENGTH = 2000


def safe_next(request_or_value: HttpRequest | str | None, default: str) -> str:
    """The wanted path if it is a plain local one, else ``default`` (a URL name or path).

    A request is asked for ``next`` in its form data, then in its query. Ask again at every hop,
    also for what was put into the session.
    """
    home = default if default.startswith("/") else resolve_url(default)
    return wanted_path(request_or_value) or home


def wanted_path(request_or_value: HttpRequest | str | None) -> str:
    """The wanted path if it is a plain local one, else nothing."""
    if isinstance(request_or_value, HttpRequest):
        wanted = request_or_value.POST.get("next") or request_or_value.GET.get("next") or ""
    else:
        wanted = request_or_value or ""
    return wanted if is_local_path(wanted) else ""


def is_local_path(wanted: str) -> bool:
    """Whether a browser can only read this as a path on the same origin."""
    if not wanted.startswith("/") or len(wanted) > MAX_LENGTH:
        return False
    for form in (wanted, unquote(wanted)):
        if form.startswith(("//", "/\\")) or "\\" in form:
            return False
        if any(unicodedata.category(char)[0] == "C" for char in form):
            return False
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or parts.path.startswith("//"):
        return False
    return url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
