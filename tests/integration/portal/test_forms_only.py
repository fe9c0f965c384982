"""The address of a form, opened like a page: a way on, and nothing happens."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import PortalSession
from tests import cast

pytestmark = pytest.mark.django_db


def test_logging_out_by_address_shows_the_button_and_ends_nothing() -> None:
    client = cast.client_of(cast.assister())

    answer = client.get(reverse("accounts:logout"))

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "no-store" in answer.headers["Cache-Control"]
    main = answer.content.decode().partition("<main")[2]
    assert f'action="{reverse("accounts:logout")}"' in main
    assert "csrfmiddlewaretoken" in main
    assert PortalSession.objects.filter(ended_at=None).count() == 1
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_the_button_logs_out() -> None:
    client = cast.client_of(cast.assister())
    client.handler.enforce_csrf_checks = True
    page = client.get(reverse("accounts:logout"))
    token = page.context["csrf_token"]

    answer = client.post(reverse("accounts:logout"), {"csrfmiddlewaretoken": str(token)})

    assert answer.status_code == 302
    assert not PortalSession.objects.filter(ended_at=None).exists()


def test_a_visitor_is_told_that_nobody_is_signed_in() -> None:
    answer = Client().get(reverse("accounts:logout"))

    assert answer.status_code == 405
    assert "You are not signed in." in answer.content.decode()
    assert "<form" not in answer.content.decode().partition("<main")[2]


def test_the_address_of_another_form_says_that_nothing_was_changed() -> None:
    client = cast.client_of(cast.external_approver())

    answer = client.get(reverse("access_requests:approve", args=["123456789"]))

    assert answer.status_code == 405
    assert "Nothing was changed." in answer.content.decode()


@pytest.mark.parametrize("method", ["head", "put", "delete"])
def test_programs_get_no_page(method: str) -> None:
    answer = getattr(Client(), method)(reverse("accounts:logout"))

    assert answer.status_code == 405
    assert answer.content == b""
