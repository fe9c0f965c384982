"""Social Security number, date of birth and answers leave no trace anywhere (P-01).

Everything the portal keeps is read as text, as a dump would show it, and searched for canaries.
"""

import base64
import io
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from celery import Celery
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import clock
from accounts.models import ProofingAttempt, ProofingCase
from accounts.proofing import files
from accounts.services import proofing_results
from accounts.services.proofing_cases import record_manual, record_phone
from notifications.services import delivery
from tests import cast
from tests.factories import proofing as make
from tests.integration.accounts.proofing_walk import QUESTIONS, RESULT, Walk

pytestmark = pytest.mark.django_db

BORN = ("02/29/1956", "1956-02-29", "02-29-1956", "Feb. 29, 1956", "February 29, 1956")


def forms_of(ssn: str) -> list[str]:
    """Every way in which a number could lie around."""
    plain = ssn.replace("-", "")
    spoken = f"{plain[:3]}-{plain[3:5]}-{plain[5:]}"
    spellings = [plain, spoken, f"{plain[:3]} {plain[3:5]} {plain[5:]}"]
    return [
        *spellings,
        *(base64.b64encode(spelling.encode()).decode().rstrip("=") for spelling in spellings),
        *(spelling.encode().hex() for spelling in spellings),
    ]


def database() -> Iterator[str]:
    """Each table as a dump of the database holds it, and what the sessions hold inside."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        for (table,) in cursor.fetchall():
            text = io.StringIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", text)
            yield text.getvalue()
    for session in Session.objects.all():
        yield repr(session.get_decoded())


def redis_text() -> Iterator[str]:
    """Every key and value of every database of the Redis server: cache, sessions, queues."""
    address = settings.REDIS_URL.rpartition("/")[0]
    for number in range(16):
        client = redis.Redis.from_url(f"{address}/{number}")
        for key in client.scan_iter(count=1000):
            yield repr(key)
            yield repr(client.dump(key))
            if client.type(key) == b"string":
                yield repr(client.get(key))
        client.close()


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that any logger says, down to the last detail."""
    caplog.set_level(logging.DEBUG)
    return caplog


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is handed to the task queue."""
    sent: list[Any] = []
    monkeypatch.setattr(Celery, "send_task", lambda _self, *what, **how: sent.append((what, how)))
    return sent


def _walk_everywhere(ssn: str) -> list[str]:
    """Go through the pages with this number, to whichever end; returns the pages' texts."""
    walk = Walk(cast.assister())
    walk.terms()
    refused = walk.information(ssn=ssn, date_of_birth=BORN[0], zip_code="wrong")
    sent = walk.information(ssn=ssn, date_of_birth=BORN[0])
    shown = [refused.content.decode(), sent.content.decode()]
    attempt = ProofingAttempt.objects.filter(user=walk.person).latest("created_at")
    while attempt.status == ProofingAttempt.Status.QUESTIONS:
        number = "".join(char for char in ssn if char.isdigit())
        chosen = make.choices(attempt, ssn=number)
        answers = {f"answer_{at}": choice for at, choice in enumerate(chosen, start=1)}
        walk.client.post(
            QUESTIONS, {"attempt": attempt.pk, "set_number": attempt.set_number, **answers}
        )
        attempt.refresh_from_db()
    shown.append(walk.client.get(RESULT).content.decode())
    walk.client.post(reverse("accounts:proofing_case"), {"way": "phone"})
    return shown


@pytest.mark.parametrize(
    "ssn",
    [
        "912-73-8465",
        *(file.shown_ssn for file in files.FILES if file.ssn != make.PASSES),
        "900 55 0101",
    ],
)
def test_no_trace_is_left(
    ssn: str,
    told: Any,
    published: list[Any],
    settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.PROOFING_TIMEOUT = timedelta(seconds=1)
    with (
        CaptureQueriesContext(connection) as statements,
        django_capture_on_commit_callbacks(execute=True),
    ):
        shown = _walk_everywhere(ssn)
        delivery.drain()

    kept = [
        *database(),
        *redis_text(),
        *(statement["sql"] for statement in statements.captured_queries),
        told.text,
        *(repr(record.__dict__) for record in told.records),
        repr(published),
        *shown,
    ]
    assert len(kept) > 100
    facts = [fact for file in files.FILES for fact in file.facts.values()]
    for secret in (*forms_of(ssn), *BORN, *facts):
        assert [text for text in kept if secret in text] == [], secret


def test_a_crash_in_the_middle_tells_nothing(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_anything: Any, **_more: Any) -> None:
        raise RuntimeError

    walk = Walk(cast.assister())
    walk.client.raise_request_exception = False
    walk.terms()
    monkeypatch.setattr(proofing_results, "settle", broken)

    page = walk.information(ssn="912-73-8465", date_of_birth=BORN[0])

    assert page.status_code == 500
    assert "RuntimeError" in told.text
    kept = [*database(), *redis_text(), told.text, page.content.decode()]
    for secret in (*forms_of("912-73-8465"), *BORN):
        assert [text for text in kept if secret in text] == [], secret


def test_the_search_would_find_what_was_kept() -> None:
    """With a number of its own: other processes of the suite search the same Redis meanwhile."""
    person = cast.assister(city="913648275")
    cast.client_of(person).get(reverse("accounts:proofing"), {"next": "/catalog/?q=913-64-8275"})

    found = [text for text in database() if "913648275" in text or "913-64-8275" in text]

    assert len(found) == 2


def test_documents_are_kept_by_kind_only() -> None:
    person, agent = cast.assister(), cast.portal_help_desk()
    case = make.case(person)
    record_phone(case_id=case.pk, agent=agent, passed=False, reason="Call 4711")
    record_manual(
        case_id=case.pk,
        agent=agent,
        passed=True,
        documents=["passport", "lease"],
        reason="Call 4712",
    )

    case.refresh_from_db()
    assert case.documents == ["lease", "passport"]
    assert case.status == ProofingCase.Status.PROVEN
    assert case.closed_at is not None
    assert case.closed_at <= clock.now()
