"""Each mail goes out once, whatever the mail server says, and none is lost or hidden."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

import clock
from notifications import blocking, letters, retries
from notifications.models import OutboxMessage
from notifications.services import claims, delivery
from notifications.tasks import drain_outbox
from tests.factories.notifications import make_message, make_messages
from tests.integration.notifications.conftest import FakeServer

pytestmark = pytest.mark.django_db


def _refuse(error: Exception, *addresses: str) -> Callable[[Any], None]:
    def on_send(message: Any) -> None:
        if not addresses or message.to[0] in addresses:
            raise error

    return on_send


def _later(monkeypatch: pytest.MonkeyPatch, delta: timedelta) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + delta)


@pytest.mark.usefixtures("sample_mail")
def test_mail_goes_out_as_it_was_written(mail_server: FakeServer, settings: Any) -> None:
    facts = {"name": "Jürgen & Söhne", "link": "x"}
    message = make_message(to="ann@example.org", name="sample", context=facts)
    drain_outbox()
    (sent,) = mail_server.taken
    written = sent.message()
    assert sent.recipients() == ["ann@example.org"]
    assert sent.subject == "Hello Jürgen & Söhne"
    assert "Dear Jürgen & Söhne: x" in sent.body
    (html,) = sent.alternatives
    assert html.mimetype == "text/html"
    assert "<p>Dear Jürgen &amp; Söhne: " in html.content
    assert written["Message-ID"] == message.message_id
    assert written["From"] == settings.DEFAULT_FROM_EMAIL
    assert written["Auto-Submitted"] == "auto-generated"
    assert written["Date"].endswith("+0000")
    message.refresh_from_db()
    assert (message.status, message.attempts, message.claim) == ("sent", 1, None)
    assert message.sent_at is not None


def test_sent_mail_is_not_sent_again(mail_server: FakeServer) -> None:
    make_messages(3)
    assert (delivery.drain(), delivery.drain()) == (3, 0)
    assert len(mail_server.taken) == 3


def test_oldest_go_first_over_one_connection(mail_server: FakeServer) -> None:
    messages = make_messages(7)
    assert delivery.drain(batch=3) == 7
    assert [sent.to[0] for sent in mail_server.taken] == [message.to for message in messages]


def test_claim_costs_the_same_for_one_mail_and_for_many(
    mail_server: FakeServer, django_assert_num_queries: Any
) -> None:
    make_messages(40)
    with django_assert_num_queries(4):  # savepoint, select, update, release
        claim = claims.take(limit=500)
    assert len(claim.messages) == 40


def test_mail_that_is_not_due_waits(mail_server: FakeServer) -> None:
    make_message(next_try_at=clock.now() + timedelta(minutes=1))
    assert delivery.drain() == 0


def test_refused_mail_is_tried_again_later_and_holds_up_nobody(
    mail_server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused, other = make_messages(2)
    mail_server.on_send = _refuse(smtplib.SMTPDataError(451, b"later\r\nplease"), refused.to)
    assert delivery.drain() == 1
    refused.refresh_from_db()
    assert (refused.status, refused.attempts) == ("queued", 1)
    assert refused.last_error == "SMTPDataError: (451, b'later\\r\\nplease')"
    assert refused.next_try_at - clock.now() == pytest.approx(
        timedelta(minutes=1), abs=timedelta(seconds=9)
    )
    assert delivery.drain() == 0
    mail_server.on_send = lambda message: None
    _later(monkeypatch, timedelta(minutes=1))
    assert delivery.drain() == 1
    assert [sent.to[0] for sent in mail_server.taken] == [other.to, refused.to]
    refused.refresh_from_db()
    assert (refused.status, refused.attempts, refused.last_error) == ("sent", 2, "")


def test_every_attempt_carries_the_same_message_id(
    mail_server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server stored the mail but its answer was lost: the one duplicate that can be."""
    message = make_message()

    def stored_but_no_answer(mime: Any) -> None:
        mail_server.taken.append(mime)
        mail_server.on_send = lambda mime: None
        raise smtplib.SMTPServerDisconnected("no answer")

    mail_server.on_send = stored_but_no_answer
    delivery.drain()
    _later(monkeypatch, timedelta(minutes=1))
    delivery.drain()
    written = [sent.message() for sent in mail_server.taken]
    assert [one["Message-ID"] for one in written] == [message.message_id] * 2
    assert written[0]["Date"] == written[1]["Date"]


def test_mail_refused_for_good_is_failed_and_kept(mail_server: FakeServer) -> None:
    message = make_message()
    mail_server.on_send = _refuse(smtplib.SMTPRecipientsRefused({message.to: (550, b"unknown")}))
    assert delivery.drain() == 0
    message.refresh_from_db()
    assert (message.status, message.attempts) == ("failed", 1)
    assert "550" in message.last_error


def test_portal_gives_up_after_the_last_attempt(
    mail_server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = make_message()
    mail_server.on_send = _refuse(smtplib.SMTPDataError(451, b"later"))
    waits = []
    for _ in range(retries.MAX_ATTEMPTS):
        delivery.drain()
        message.refresh_from_db()
        waits.append(message.next_try_at - clock.now())
        _later(monkeypatch, timedelta(days=1))
    assert waits[:-1] == pytest.approx(list(retries.BACKOFF), abs=timedelta(seconds=9))
    assert (message.status, message.attempts) == ("failed", retries.MAX_ATTEMPTS)
    assert delivery.drain() == 0


def test_mail_whose_worker_dies_at_each_attempt_is_given_up(mail_server: FakeServer) -> None:
    message = make_message(attempts=retries.MAX_ATTEMPTS)
    assert delivery.drain() == 0
    message.refresh_from_db()
    assert message.status == "failed"
    assert mail_server.taken == []


def test_server_that_cannot_be_reached_costs_no_attempt(
    mail_server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_messages(5)

    def away() -> None:
        raise ConnectionRefusedError(111, "Connection refused")

    mail_server.on_open = away
    assert delivery.drain() == 0
    rows = set(OutboxMessage.objects.values_list("status", "attempts", "claim"))
    assert rows == {("queued", 0, None)}
    assert delivery.drain() == 0
    _later(monkeypatch, retries.SERVER_AWAY)
    mail_server.on_open = lambda: None
    assert delivery.drain() == 5


def test_broken_connection_is_opened_anew(mail_server: FakeServer) -> None:
    messages = make_messages(4)
    mail_server.on_send = _refuse(ConnectionResetError(), messages[1].to)
    assert delivery.drain() == 3
    messages[1].refresh_from_db()
    assert (messages[1].status, messages[1].attempts) == ("queued", 1)


def test_server_that_breaks_off_again_and_again_is_left_alone(mail_server: FakeServer) -> None:
    messages = make_messages(6)
    tried = []

    def break_off(message: Any) -> None:
        tried.append(message.to[0])
        raise TimeoutError("timed out")

    mail_server.on_send = break_off
    assert delivery.drain() == 0
    assert tried == [message.to for message in messages[:3]]
    attempts = OutboxMessage.objects.order_by("pk").values_list("attempts", flat=True)
    assert list(attempts) == [1, 1, 1, 0, 0, 0]
    assert not OutboxMessage.objects.exclude(status="queued").exists()


def test_one_mail_that_cannot_be_written_holds_up_nobody(mail_server: FakeServer) -> None:
    bad, good = make_messages(2)
    mail_server.on_send = _refuse(UnicodeEncodeError("ascii", "ä", 0, 1, "x"), bad.to)
    assert delivery.drain() == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.status, good.status) == ("failed", "sent")


@pytest.mark.parametrize("error", [OSError("no such template"), ValueError("a wrong format")])
def test_a_mail_that_we_cannot_put_into_words_waits_for_the_next_version(
    mail_server: FakeServer, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    make_messages(4)

    def fail(*_given: Any) -> None:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(letters, "write", fail)
        assert delivery.drain() == 0
    rows = set(OutboxMessage.objects.values_list("status", "attempts"))
    assert rows == {("queued", 1)}
    _later(monkeypatch, timedelta(hours=1))
    assert delivery.drain() == 4


def test_slow_server_does_not_outlast_the_claim(
    mail_server: FakeServer, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    make_messages(3)
    seconds = iter(range(0, 10**6, 8))
    monkeypatch.setattr("time.monotonic", lambda: next(seconds))
    assert delivery.drain() == 1
    assert sorted(OutboxMessage.objects.values_list("status", "attempts")) == [
        ("queued", 0),
        ("queued", 0),
        ("sent", 1),
    ]
    assert claims.LEASE.total_seconds() > delivery.WORK_SECONDS + 6 * settings.EMAIL_TIMEOUT


@pytest.mark.parametrize("address", ["CMS_FEPS@cms.hhs.gov", "eussupport@cgi.com"])
def test_real_help_desk_is_never_written_to(mail_server: FakeServer, address: str) -> None:
    blocked, other = make_message(to=address), make_message()
    assert delivery.drain() == 1
    blocked.refresh_from_db()
    assert (blocked.status, blocked.last_error) == ("failed", blocking.BLOCKED)
    assert [sent.to for sent in mail_server.taken] == [[other.to]]


def test_claim_of_a_killed_worker_is_taken_up_when_its_lease_ends(
    mail_server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_messages(2)
    claims.take(limit=500)
    assert delivery.drain() == 0
    _later(monkeypatch, claims.LEASE)
    assert delivery.drain() == 2
    assert set(OutboxMessage.objects.values_list("attempts", flat=True)) == {2}


def test_worker_whose_claim_has_ended_settles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    message = make_message()
    old = claims.take(limit=500)
    _later(monkeypatch, claims.LEASE)
    new = claims.take(limit=500)
    assert not claims.mark_sent(old, message)
    claims.mark_failed(old, message, "late")
    claims.release(old, [message], wait=timedelta(0), error="late")
    message.refresh_from_db()
    assert (message.status, message.claim, message.attempts) == ("sending", new.key, 2)


def test_mark_survives_a_database_that_restarts(
    mail_server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = make_message()
    mark, failures = claims.mark_sent, [OperationalError(), OperationalError()]
    pauses: list[float] = []

    def restarting(claim: Any, message: Any) -> bool:
        if failures:
            raise failures.pop()
        return mark(claim, message)

    monkeypatch.setattr(claims, "mark_sent", restarting)
    monkeypatch.setattr(connection, "close", lambda: None)
    monkeypatch.setattr("time.sleep", pauses.append)
    assert delivery.drain() == 1
    message.refresh_from_db()
    assert (message.status, pauses) == ("sent", [0.5, 1.0])


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "sent"},
        {"sent_at": "2026-01-01T00:00Z"},
        {"status": "sending"},
        {"claim": "00000000-0000-0000-0000-000000000001"},
        {"to": "a@example.org\nb@example.org"},
    ],
)
def test_database_refuses_a_mail_that_cannot_be(fields: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        make_message(**fields)


def test_mail_without_templates_fails_where_people_see_it(
    mail_server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker of an older release may not know the mail yet, so it is tried again first."""
    bad, good = make_message(name="no_such_mail"), make_message()
    assert delivery.drain() == 1
    assert [sent.to for sent in mail_server.taken] == [[good.to]]
    bad.refresh_from_db()
    assert (bad.status, bad.attempts) == ("queued", 1)
    assert "TemplateDoesNotExist" in bad.last_error
    OutboxMessage.objects.filter(pk=bad.pk).update(attempts=retries.MAX_ATTEMPTS - 1)
    _later(monkeypatch, timedelta(days=1))
    delivery.drain()
    bad.refresh_from_db()
    assert (bad.status, bad.subject) == ("failed", "no_such_mail")


def test_mail_that_was_kept_in_words_goes_out_in_these_words(mail_server: FakeServer) -> None:
    words = {"subject": "A & B", "text": "Text <1>\n", "html": "<p>1 &amp; 2</p>\n"}
    make_message(name="as_written", context=words)
    assert delivery.drain() == 1
    (sent,) = mail_server.taken
    assert (sent.subject, sent.body) == ("A & B", "Text <1>\n")
    assert sent.alternatives[0].content == "<p>1 &amp; 2</p>\n"


def test_message_id_and_once_only_key_are_unique() -> None:
    make_message(message_id="<x>", dedupe_key="k")
    for fields in ({"message_id": "<x>"}, {"dedupe_key": "k"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            make_message(**fields)


def test_claim_reads_the_index_of_what_is_due() -> None:
    make_messages(300, status="sent", sent_at=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notifications_outboxmessage")
    plan = OutboxMessage.objects.filter(claims.due(clock.now())).order_by("next_try_at", "id")
    assert "outbox_due" in plan[:500].explain()


def test_commits_are_ordinary_again_after_a_drain(mail_server: FakeServer) -> None:
    def fail() -> None:
        raise KeyboardInterrupt

    mail_server.on_open = fail
    make_message()
    with CaptureQueriesContext(connection) as queries, pytest.raises(KeyboardInterrupt):
        delivery.drain()
    assert queries[0]["sql"] == "SET synchronous_commit TO off"
    assert queries[len(queries) - 1]["sql"] == "RESET synchronous_commit"
