"""Turns trouble that no page should have to think of into a plain answer."""

from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

GetResponse = Callable[[HttpRequest], HttpResponse]
logger = structlog.get_logger(__name__)

# What would make somebody more than they are, if a form took it. `tests/integration/hostile` holds
# this against the fields that the pages really have.
POWERS = frozenset(
    {
        # of rows
        "id", "pk", "uid", "user", "person", "requester", "recipient", "grant", "on_behalf_of",
        # of accounts
        "is_active", "is_staff", "is_superuser", "groups", "group", "user_permissions",
        "permission", "security_version", "suspended_at", "frozen_at", "expired_at",
        # of assurance
        "ial", "aal", "loa", "assurance", "strength", "has_mfa", "has_strong_factor", "proofed_at",
        "verified_at", "confirmed_at", "rules_checked_at",
        # of requests, decisions and roles held
        "role", "roles", "status", "court", "approver", "approver_role", "decided_at", "decided_by",
        "issued_by", "certifier", "certify_by", "certified_until", "started_at", "ended_at",
        "end_reason", "required_ial", "required_aal", "routed_rule",
    }
)  # fmt: skip
# The forms that ask for one of them in earnest.
ASKED_FOR = {"role": frozenset({"access_requests:new", "access_requests:keep_draft"})}


class ServiceUnavailableMiddleware:
    """Answers 503 with a readable page while the database cannot be reached."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for a database that is away; other errors go their way."""
        if isinstance(exception, OperationalError | InterfaceError):
            return unavailable(request)
        return None


def unavailable(request: HttpRequest) -> HttpResponse:
    """Return the page that says to come back in a minute; asks the database nothing."""
    response = render(None, "503.html", status=503)
    response["Retry-After"] = "30"
    return response


class BadInputMiddleware:
    """Refuses text that no form can mean: invalid UTF-8, NUL characters, lone surrogates."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check address, query and urlencoded form before any page reads them.

        Raises BadRequest (answered with 400) for text that cannot be stored.
        """
        try:
            values = [request.path]
            query = request.META.get("QUERY_STRING", "")
            if query:
                values += [text for pair in request.GET.lists() for text in (pair[0], *pair[1])]
            if request.method == "POST":
                values += [text for pair in request.POST.lists() for text in (pair[0], *pair[1])]
        except (UnicodeError, UnreadablePostError) as error:
            raise BadRequest("the text is not valid UTF-8") from error
        if any(_is_unstorable(value) for value in values):
            raise BadRequest("the text holds characters that cannot be stored")
        return self.get_response(request)


def _is_unstorable(value: str) -> bool:
    # Django decodes urlencoded bytes that are not UTF-8 to U+FFFD, which nobody types.
    return (
        "\x00" in value or "\ufffd" in value or any("\ud800" <= char <= "\udfff" for char in value)
    )


class FormsOnlyMiddleware:
    """Gives a person who opens the address of a form a page instead of an empty answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put a page under a refused GET; the status stays 405. Logging out gets its button."""
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.method != "GET":
            return response
        match = request.resolver_match
        is_logout = match is not None and match.view_name == "accounts:logout"
        page = render(request, "portal/log_out.html" if is_logout else "405.html", status=405)
        page["Allow"] = response["Allow"]
        add_never_cache_headers(page)
        return page


class PowersLoggedMiddleware:
    """Tells the log of fields that no form of the portal has and that stand for power.

    They change nothing, because each form takes the fields it names and no other; but nobody
    sends them by mistake. Forms of the administration do have some; there what it refuses is told.
    The names come from our list, so nothing that somebody typed gets into the log.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as always, then write the line, with the person and the id of the request."""
        response = self.get_response(request)
        if request.method == "POST" and not POWERS.isdisjoint(request.POST):
            match = request.resolver_match
            name = match.view_name if match is not None else ""
            sent = POWERS.intersection(request.POST)
            unasked = sorted(field for field in sent if name not in ASKED_FOR.get(field, ()))
            is_taken = name.startswith("admin:") and response.status_code != HTTPStatus.NOT_FOUND
            if unasked and not is_taken:
                logger.warning(
                    "powers_ignored",
                    request=f"POST {request.path}",
                    fields=unasked,
                    code=response.status_code,
                )
        return response
