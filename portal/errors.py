"""Error pages: what went wrong in plain words, and the way back."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.middleware import unavailable


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer input that cannot be read."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a person who may see a page but not do this."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that leads nowhere, or to something that is not this person's."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours, without touching session or database.

    A database that went away while a middleware asked it (who is signed in?) comes here too.
    """
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return unavailable(request)
    return render(None, "500.html", status=500)
