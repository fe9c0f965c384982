"""Fields with power that no form has: ignored by each form, and told to the log, never obeyed."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
import time_machine
from django.apps import apps
from structlog.testing import capture_logs

import clock
from portal.middleware import ASKED_FOR, POWERS
from tests import cast
from tests.integration.hostile import powers
from tests.live import urls_document

# Words of other portals, and names that Django understands without a field.
WORDS = {"pk", "loa", "certifier", "certified_until"}
ROOMS = (
    "accounts",
    "access_requests",
    "catalog",
    "organizations",
    "notifications",
    "audit",
    "support",
)


@pytest.fixture
def still() -> Iterator[None]:
    """A clock that stands."""
    with time_machine.travel(clock.now(), tick=False):
        yield


def _told(lines: list[Any]) -> list[Any]:
    return [line for line in lines if line["event"] == "powers_ignored"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "form",
    [powers.registration, powers.profile, powers.request, powers.decision],
    ids=lambda form: form.__name__,
)
def test_each_is_ignored_and_told(form: Callable[[], powers.Fill], still: None) -> None:
    fill = form()
    with powers.undone(), capture_logs() as quiet:
        fill({})
        right = powers.state()
    assert _told(quiet) == []

    wrong: dict[str, Any] = {}
    for name in sorted(POWERS):
        value = powers.value_of(name)
        with powers.undone(), capture_logs() as lines:
            fill({name: value})
            state = powers.state()
        told = _told(lines)
        if state != right:
            wrong[name] = [(state[table], right[table]) for table in right]
        if not told or any(line["fields"] != [name] for line in told):
            wrong[f"{name} in the log"] = told
    assert wrong == {}


@pytest.mark.django_db
def test_the_line_names_fields_person_and_request_and_no_value() -> None:
    person = cast.assister()
    client = cast.client_of(person)
    merge = structlog.contextvars.merge_contextvars

    with capture_logs(processors=[merge]) as lines:
        sent = {"is_staff": "secret-value", "loa": "4", "end": "others"}
        answer = client.post("/profile/accessibility/", sent)

    (line,) = _told(lines)
    assert line["fields"] == ["is_staff", "loa"]
    assert line["request"] == "POST /profile/accessibility/"
    assert line["log_level"] == "warning"
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert line["user_id"] == person.pk
    assert "secret-value" not in str(line)


@pytest.mark.django_db
def test_what_is_absent_is_told_too_and_what_the_administration_takes_is_not() -> None:
    client = cast.client_of(cast.superuser())

    with capture_logs() as lines:
        assert client.post("/no-such-page/", {"is_superuser": "on"}).status_code == 404
        client.post("/admin/organizations/organization/", {"is_active": "on"})
        client.post("/admin/auth/group/add/", {"user": "1"})
        client.get("/catalog/?is_staff=on")

    told = [line["request"] for line in _told(lines)]
    assert told == ["POST /no-such-page/", "POST /admin/auth/group/add/"]


def test_no_page_asks_for_any_of_them() -> None:
    written = {
        (name, field)
        for name, row in urls_document.documented().items()
        for field in row.fields & POWERS
        if "POST" in row.methods
    }
    asked_for = {(name, field) for field, names in ASKED_FOR.items() for name in names}

    # The draft takes the fields of the request: "the same" in the document.
    assert written == asked_for - {("access_requests:keep_draft", "role")}


def test_each_is_the_name_of_something() -> None:
    fields = {
        field.name
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.get_fields()
    }
    assert POWERS - fields == WORDS
