"""Where a request came from is known from our own proxies only, and its id from ourselves."""

from typing import Any, Never

import pytest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from audit import context

PEER = "192.0.2.1"


def _request(forwarded: str | None = None, remote: str = PEER, **meta: Any) -> Any:
    if forwarded is not None:
        meta["HTTP_X_FORWARDED_FOR"] = forwarded
    return RequestFactory().get("/", REMOTE_ADDR=remote, **meta)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, PEER),
        (0, "198.51.100.7", PEER),
        (1, None, PEER),
        (1, "", PEER),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "1.1.1.1, 198.51.100.7", "198.51.100.7"),
        (1, "1.1.1.1, 2.2.2.2 ,198.51.100.7", "198.51.100.7"),
        (2, "1.1.1.1, 198.51.100.7, 10.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", PEER),
        (1, "nonsense", PEER),
        (1, "198.51.100.7, nonsense", PEER),
        (1, "198.51.100.7:4711", "198.51.100.7"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "2001:DB8:0::1", "2001:db8::1"),
        (1, "::ffff:198.51.100.7", "198.51.100.7"),
        (1, "fe80::1%eth0", "fe80::1"),
    ],
)
def test_only_trusted_hops_count(settings: Any, proxies: Any, forwarded: str, address: str) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    assert context.client_address(_request(forwarded)) == address


@pytest.mark.parametrize("count", [0, 1])
def test_a_hundred_forged_headers_are_one_client(settings: Any, count: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = count
    real = "" if count == 0 else ", 198.51.100.7"
    seen = {
        context.client_address(
            _request(
                f"203.0.113.{number}{real}",
                HTTP_FORWARDED=f"for=203.0.113.{number}",
                HTTP_X_REAL_IP=f"203.0.113.{number}",
                HTTP_CLIENT_IP=f"203.0.113.{number}",
            )
        )
        for number in range(100)
    }
    assert seen == {PEER if count == 0 else "198.51.100.7"}


@pytest.mark.parametrize("remote", ["", "unix:", "@"])
def test_unknown_peer_has_no_address(remote: str) -> None:
    assert context.client_address(_request(remote=remote)) == ""


def _answer(request: Any) -> tuple[context.Context, HttpResponseBase]:
    seen = []

    def view(inner: Any) -> HttpResponse:
        seen.append(context.current())
        return HttpResponse()

    response = context.RequestContextMiddleware(view)(request)
    return seen[0], response


def test_request_gets_an_id_of_our_own() -> None:
    forged = "0" * 32
    first, response = _answer(_request(HTTP_X_REQUEST_ID=forged))
    second, _ = _answer(_request(HTTP_X_REQUEST_ID=forged))
    assert len({first.request_id, second.request_id, forged}) == 3
    assert response["X-Request-ID"] == first.request_id
    assert first.request is not None
    assert first.request.headers["X-Request-ID"] == first.request_id


def test_request_is_anonymous_until_somebody_is_named() -> None:
    seen, _ = _answer(_request())
    assert (seen.origin, seen.address) == ("anonymous", PEER)


def test_surroundings_end_with_the_request() -> None:
    before = context.current()
    _answer(_request())
    assert context.current() == before
    assert before.origin == context.SYSTEM


def test_surroundings_end_when_the_view_fails() -> None:
    def view(request: Any) -> Never:
        raise LookupError

    with pytest.raises(LookupError):
        context.RequestContextMiddleware(view)(_request())
    assert context.current().request_id == ""


def test_session_is_named_without_giving_its_key() -> None:
    class Session:
        session_key: str | None = "abcdefghijklmnopqrstuvwxyz012345"

    request = _request()
    request.session = Session()
    name = context.Context(request=request).session_hash
    assert len(name) == 64
    assert str(Session.session_key) not in name
    assert name == context.Context(request=request).session_hash
    Session.session_key = None
    assert context.Context(request=request).session_hash == ""


def test_assurance_holds_for_the_rest_of_the_request() -> None:
    with context.surroundings(context.Context(request_id="r")):
        context.set_assurance("IAL2/AAL2")
        assert (context.current().assurance, context.current().request_id) == ("IAL2/AAL2", "r")
    assert context.current().assurance == ""


def test_task_has_surroundings_of_its_own() -> None:
    with context.surroundings(context.Context(origin="anonymous", request_id="web")):
        context.enter_task(task_id="task-1")
        assert (context.current().origin, context.current().request_id) == ("system", "task-1")
        context.leave_task(task_id="task-1")
        assert context.current().request_id == "web"
    context.leave_task(task_id="never entered")
