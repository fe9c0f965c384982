"""Whoever is not signed in is sent to the sign-in from every page that is not public."""

import re
from typing import Any

import pytest
from django.test import Client

from tests import cast
from tests.unit.accounts.test_access_markers import PUBLIC, views

pytestmark = pytest.mark.django_db

_SAMPLES = {"int": "1", "slug": "zone", "str": "x", "uuid": "0" * 32, "path": "1"}


def _path(route: str) -> str:
    """An address of this route with made-up arguments."""
    route = re.sub(
        r"<(?:(\w+):)?\w+>", lambda found: _SAMPLES.get(found[1] or "", "1234567890"), route
    )
    return "/" + re.sub(r"\(\?P<\w+>[^)]*\)", "1", route).replace("^", "").replace("$", "")


PROTECTED = sorted({_path(route) for route, _view in views() if route not in PUBLIC})


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete", "options"])
def test_strangers_are_sent_to_the_sign_in(method: str) -> None:
    client = Client()
    wrong = {}
    for path in PROTECTED:
        response: Any = getattr(client, method)(path)
        if response.status_code != 302 or not response["Location"].startswith("/login/"):
            wrong[path] = response.status_code

    # Addresses that no route matches because of the made-up arguments are absent for everybody.
    assert {path: status for path, status in wrong.items() if status != 404} == {}
    assert len(wrong) < len(PROTECTED) / 4


@pytest.mark.parametrize(
    "path",
    [
        "/admin/../admin/",
        "/profile//",
        "/admin//",
        "/%61dmin/",
        "/profile/%2e%2e/profile/",
        "/./profile/",
    ],
)
def test_tricks_with_paths_open_nothing(path: str) -> None:
    response = Client(HTTP_X_HTTP_METHOD_OVERRIDE="GET").get(path)

    assert response.status_code in {301, 302, 400, 404}
    location = response.headers.get("Location", "/")
    assert location.startswith("/")
    assert not location.startswith("//")


def test_the_admin_has_no_sign_in_of_its_own() -> None:
    client = Client()

    assert client.get("/admin/")["Location"] == "/login/?next=/admin/"
    for path in ("login", "logout", "password_change", "jsi18n/x", "doc"):
        assert client.post(f"/admin/{path}/").status_code in {302, 404}
    assert cast.client_of(cast.superuser()).get("/admin/login/").status_code == 404
