"""Input that no browser sends: always a plain answer, never a fault of ours."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from tests import cast, counts
from tests.integration.accounts.conftest import CREDENTIALS, INFORMATION, Registering

pytestmark = pytest.mark.django_db

PAGES = (
    "terms",
    "login",
    "password",
    "register_terms",
    "register_information",
    "register_credentials",
    "register_confirmation",
    "activation",
    "forgot_user_id",
)
FORM = "application/x-www-form-urlencoded"


def _everywhere() -> Client:
    """A visitor who may open every public form."""
    visitor = Registering()
    visitor.terms()
    visitor.information()
    visitor.client.post(reverse("accounts:terms"), {"decision": "accept"})
    visitor.client.post(reverse("accounts:login"), {"user_id": "nobody.here"})
    return visitor.client


@pytest.mark.parametrize("form", PAGES)
@pytest.mark.parametrize(
    "body",
    [
        b"user_id=%ff%fe&password=%ff&email=%c3%28&first_name=%80",
        b"user_id=a%00b&password=a%00b&email=a%00b&first_name=a%00b",
        b"user_id[]=a&user_id[]=b&password[x]=1&email=a&email=b&first_name=a&first_name=b",
        b"user_id=%ed%a0%80&password=%ed%a0%80&email=%ed%a0%80&first_name=%ed%a0%80",
        b"&".join(b"f%d=x" % number for number in range(1001)),
        b"user_id=" + b"a" * 3_000_000,
    ],
    ids=["bytes", "nul", "lists", "surrogates", "1001 fields", "3 MB"],
)
def test_strange_bodies_get_a_plain_answer(form: str, body: bytes) -> None:
    client = _everywhere()
    client.raise_request_exception = False

    response = client.post(reverse(f"accounts:{form}"), body, content_type=FORM)

    assert response.status_code < 500
    assert not User.objects.exists()


ANY_TEXT = st.text(max_size=60)


@pytest.mark.proof
@pytest.mark.timeout(900)
@settings(
    max_examples=counts.times(6, 100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    information=st.fixed_dictionaries(dict.fromkeys(INFORMATION, ANY_TEXT)),
    credentials=st.fixed_dictionaries(dict.fromkeys(CREDENTIALS, ANY_TEXT)),
)
def test_no_text_breaks_a_form(information: dict[str, str], credentials: dict[str, str]) -> None:
    visitor = Registering()
    visitor.terms()
    for name, value in information.items():
        assert _fine(visitor, "register_information", {**INFORMATION, name: value})
    visitor.information()
    for name, value in credentials.items():
        data = {**CREDENTIALS, "confirm_password": "differs", name: value}
        assert _fine(visitor, "register_credentials", data)
    for page in ("login", "password", "forgot_user_id"):
        assert _fine(visitor, page, {**information, **credentials})
    assert not User.objects.exists()


def _fine(visitor: Registering, page: str, data: dict[str, Any]) -> bool:
    encoded = {name: value.encode("utf-8", "replace").decode() for name, value in data.items()}
    visitor.client.raise_request_exception = False
    return bool(visitor.client.post(reverse(f"accounts:{page}"), encoded).status_code < 500)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "\u202eevil"]
)
def test_names_are_shown_as_text(name: str) -> None:
    user = cast.assister(last_name=name)

    page = cast.client_of(user).get(reverse("accounts:profile")).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "49" not in page.split("Last Name")[1][:200]


@pytest.mark.parametrize("form", ["login", "profile", "register_terms"])
@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_other_methods_do_nothing(form: str, method: str) -> None:
    response = getattr(cast.client_of(cast.assister()), method)(reverse(f"accounts:{form}"))

    assert response.status_code == 405
