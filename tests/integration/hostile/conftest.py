"""A portal with its catalog, its demo people and one object of each kind, made once for all."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from accounts.models import MFADevice
from portal import demo_codes
from tests.live import forms, pages, samples
from tests.live.newcomers import PASSWORD
from tests.live.portal import DEMO_PASSWORD

BROWSER: dict[str, Any] = {
    "HTTP_USER_AGENT": "Mozilla/5.0 (hostile)",
    "HTTP_HOST": "localhost",
}

INFORMATION = {
    "first_name": "Rowan",
    "last_name": "Ashford",
    "email": "rowan@people.example",
    "confirm_email": "rowan@people.example",
    "date_of_birth": "05/17/1984",
    "address_line_1": "12 Quay Street",
    "city": "Baltimore",
    "state": "MD",
    "zip_code": "21244",
    "phone": "410-555-0142",
}

SignIn = Callable[[str], Client]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """Fill the database; everything the module does is taken back at its end."""
    everything = transaction.atomic()
    # As Django marks its own tests' transactions: durable blocks may run inside.
    everything._from_testcase = True  # type: ignore[attr-defined] # not in the stubs
    with django_db_blocker.unblock(), everything:
        call_command("prepare", verbosity=0)
        call_command("load_demo", verbosity=0)
        yield samples.main(None)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def sign_in(world: dict[str, str]) -> SignIn:
    """Return a function that signs somebody in by the pages; "" is nobody."""

    def browser_of(who: str) -> Client:
        client = Client(raise_request_exception=False, **BROWSER)
        if who:
            password = PASSWORD if who.startswith("sample.") else DEMO_PASSWORD
            client.post("/terms/", {"decision": "accept"})
            client.post("/login/", {"user_id": who})
            fields = {"password": password, **_code_of(who)}
            answer = client.post("/login/password/", fields)
            assert answer.status_code == 302, who
            assert client.get("/profile/").status_code == 200, who
        return client

    return browser_of


def _code_of(who: str) -> dict[str, str]:
    """What a demo person's app shows; here it may show the same code again."""
    MFADevice.objects.filter(user__user_id_key=who).update(last_step=None)
    shown = {user_id: code for user_id, code, _left in demo_codes.current()}
    return {"device_type": "app_phone", "security_code": shown[who]} if who in shown else {}


@pytest.fixture(scope="module")
def all_forms(world: dict[str, str]) -> Callable[[str, Client], list[tuple[str, forms.Form]]]:
    """Return a function that collects every form a person is shown, with where it goes."""

    def collect(who: str, client: Client) -> list[tuple[str, forms.Form]]:
        if who == pages.ANYBODY:
            _walk_into_the_wizards(client)
        paths = {page.path.format(**world) for page in pages.PAGES if page.who == who}
        paths |= set(pages.extra_paths(who, world))
        found = {}
        for path in sorted(paths):
            text = client.get(path).content.decode(errors="replace")
            for form in forms.read(text):
                target = form.action or path
                if target != "/logout/":
                    found[target, form.method, tuple(sorted(form.names))] = (target, form)
        return list(found.values())

    return collect


def _walk_into_the_wizards(client: Client) -> None:
    """Do the steps before the forms that show only after them."""
    client.post("/terms/", {"decision": "accept"})
    client.post("/login/", {"user_id": "anybody"})
    client.post("/register/terms/", {"agree": "on"})
    answer = client.post("/register/information/", INFORMATION)
    assert answer.status_code == 302


@pytest.fixture
def rows() -> Callable[[str], list[dict[str, Any]]]:
    """Read from the test's database."""

    def read(statement: str) -> list[dict[str, Any]]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            names = [column.name for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return read
