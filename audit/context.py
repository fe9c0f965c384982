"""Who is asking, from where: what every entry of the log says about the request it came from."""

from __future__ import annotations

import getpass
import hmac
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, replace
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from structlog.contextvars import bind_contextvars, unbind_contextvars

SYSTEM = "system"


@dataclass(frozen=True)
class Context:
    """What the log knows of its surroundings.

    ``origin`` is the actor's label when no person acts: ``system`` for tasks and commands,
    ``anonymous`` for a request of somebody who is not signed in, ``command line`` with a name for
    what somebody does to an account by a command.
    """

    origin: str = SYSTEM
    address: str = ""
    request_id: str = ""
    assurance: str = ""
    request: HttpRequest | None = None

    @property
    def session_hash(self) -> str:
        """A name for the session that shows which entries belong together and opens nothing."""
        session = getattr(self.request, "session", None)
        key = getattr(session, "session_key", None)
        if not key:
            return ""
        return hmac.digest(settings.AUDIT_KEY.encode(), b"session:" + key.encode(), "sha256").hex()


_SYSTEM = Context()
_current: ContextVar[Context] = ContextVar("audit_context", default=_SYSTEM)


def current() -> Context:
    """Return the surroundings of the running code."""
    return _current.get()


def command_line() -> Context:
    """Return the surroundings of a command that somebody typed, with their name on the machine.

    The name is a hint: whoever may run commands here can have any.
    """
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number without a name
        name = str(os.getuid())
    return Context(origin=f"command line ({name})")


@contextmanager
def surroundings(context: Context) -> Iterator[Context]:
    """Run a block in other surroundings."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


def set_assurance(label: str) -> None:
    """Say how sure the portal is of the person, for all entries that follow in this request."""
    _current.set(replace(_current.get(), assurance=label))


def client_address(request: HttpRequest) -> str:
    """Return the network address of the client, or "" when it cannot be known.

    Only the ``settings.TRUSTED_PROXY_COUNT`` right-most hops of ``X-Forwarded-For`` were written
    by proxies of ours; everything to the left of them is whatever the client claims.
    """
    count = settings.TRUSTED_PROXY_COUNT
    direct = _parse(request.META.get("REMOTE_ADDR", ""))
    if count < 1:
        return direct
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return (_parse(hops[-count]) if len(hops) >= count else "") or direct


def _parse(text: str) -> str:
    """Return an address in its shortest form; "" for anything else. Ports are dropped."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address)


class RequestContextMiddleware:
    """Gives each request an id of our own and makes its surroundings known to the log.

    An id sent by the client is not taken over: it could make two requests look like one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request with its surroundings set."""
        request_id = uuid.uuid4().hex
        request.META["HTTP_X_REQUEST_ID"] = request_id  # where the request log looks for it
        request.request_id = request_id  # type: ignore[attr-defined] # read by logs and error pages
        context = Context(
            origin="anonymous",
            address=client_address(request),
            request_id=request_id,
            request=request,
        )
        with surroundings(context):
            bind_contextvars(request_id=request_id)
            try:
                response = self.get_response(request)
            finally:
                unbind_contextvars("request_id")
        response.headers["X-Request-ID"] = request_id
        return response


_task_tokens: dict[str, Token[Context]] = {}


def enter_task(*, task_id: str, **kwargs: Any) -> None:
    """Let entries that a task writes say so, with the task's id as the request id."""
    _task_tokens[task_id] = _current.set(Context(request_id=task_id))


def leave_task(*, task_id: str, **kwargs: Any) -> None:
    """End the surroundings of a task."""
    token = _task_tokens.pop(task_id, None)
    if token is not None:
        _current.reset(token)
