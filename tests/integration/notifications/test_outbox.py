"""A mail is written with the change it tells about, by one statement, as it was true then."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import connection, transaction
from django.template import TemplateDoesNotExist
from django.test.utils import CaptureQueriesContext
from django.utils import translation

import clock
from notifications import links, outbox
from notifications.models import OutboxMessage
from notifications.outbox import Mail, enqueue
from notifications.services import delivery
from tests.integration.notifications.conftest import FakeServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_mail")]

NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}{% now 'Y' %}",
    "<svg/onload=alert(1)>",
    "\u202egnp.exe",
    "javascript:alert(1)",
]


def _mail(**fields: Any) -> Mail:
    return Mail(**{"name": "sample", "to": "a@example.org", "context": {"name": "Ann"}, **fields})


def test_many_mails_take_one_insert() -> None:
    wanted = [_mail(dedupe_key=f"key {number}") for number in range(20)]
    with CaptureQueriesContext(connection) as queries:
        enqueue(wanted)
    assert len(queries) == 1
    assert OutboxMessage.objects.count() == 20


def test_no_mail_takes_no_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        enqueue([])


def test_mail_waits_until_it_is_sent() -> None:
    enqueue([_mail()])
    message = OutboxMessage.objects.get()
    assert (message.status, message.attempts) == ("queued", 0)
    assert message.next_try_at <= clock.now()
    assert mail.outbox == []


def test_mail_is_undone_with_the_change() -> None:
    with transaction.atomic():
        enqueue([_mail()])
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


def test_second_mail_with_the_same_key_is_not_taken() -> None:
    enqueue([_mail(dedupe_key="once"), _mail(dedupe_key="once", to="b@example.org")])
    enqueue([_mail(dedupe_key="once"), _mail(), _mail()])
    kept = OutboxMessage.objects.order_by("pk").values_list("to", "dedupe_key")
    assert list(kept) == [
        ("a@example.org", "once"),
        ("a@example.org", None),
        ("a@example.org", None),
    ]


def test_message_ids_differ_and_name_the_portal(settings: Any) -> None:
    settings.PORTAL_ORIGIN = "https://portal.example:8443"
    enqueue([_mail() for _ in range(3)])
    ids = set(OutboxMessage.objects.values_list("message_id", flat=True))
    assert len(ids) == 3
    assert all(re.fullmatch(r"<[0-9a-f]{32}@portal\.example>", one) for one in ids)


def test_mail_greets_the_person_and_tells_where_it_comes_from(settings: Any) -> None:
    settings.PORTAL_ORIGIN = "https://portal.example"
    person = get_user_model().objects.create_user(
        "ann", "ann@example.org", first_name="Ann", last_name="Lee & Sons"
    )
    enqueue([_mail(recipient=person)])
    message = OutboxMessage.objects.get()
    assert message.recipient_id == person.pk
    assert "Hello Ann Lee & Sons," in message.body_text
    assert "Hello Ann Lee &amp; Sons," in message.body_html
    for body in (message.body_text, message.body_html):
        assert "https://portal.example/help/" in body
        assert "not a government website" in body
        assert "do not reply" in body


def test_mail_is_written_in_the_readers_language(sample_mail: Path) -> None:
    (sample_mail / "subject.txt").write_text(
        "{% load i18n %}{% get_current_language as l %}{{ l }}"
    )
    person = get_user_model().objects.create_user("ann", "ann@example.org", language="es")
    with translation.override("de"):
        enqueue([_mail(recipient=person), _mail()])
        assert translation.get_language() == "de"
        subjects = [message.subject for message in OutboxMessage.objects.order_by("pk")]
    assert subjects == ["es", "en-us"]


@pytest.mark.parametrize("nasty", NASTY)
def test_what_people_typed_is_text_in_both_parts(nasty: str) -> None:
    enqueue([_mail(context={"name": nasty})])
    message = OutboxMessage.objects.get()
    assert f"Dear {nasty}: " in message.body_text
    assert "<script" not in message.body_html
    assert "<img" not in message.body_html
    assert "<svg" not in message.body_html
    assert "49" not in message.body_html


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028"])
def test_name_cannot_add_a_header(ending: str, mail_server: FakeServer) -> None:
    enqueue([_mail(context={"name": f"Ann{ending}Bcc: thief@example.org{ending}{ending}Body"})])
    delivery.drain()
    (sent,) = mail_server.taken
    assert sent.recipients() == ["a@example.org"]
    written = sent.message()
    assert written["Bcc"] is None
    assert written["Subject"] == "Hello Ann Bcc: thief@example.org Body"
    assert "thief" not in str(written["To"])


def test_nul_and_lone_surrogates_are_cleaned(mail_server: FakeServer) -> None:
    enqueue([_mail(context={"name": "A\x00n\ud800n\x1b"})])
    message = OutboxMessage.objects.get()
    assert "Dear Ann: " in message.body_text
    assert delivery.drain() == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "no address",
        "a@example.org, b@example.org",
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org\nb",
        "Ann <a@example.org>",
        "a@\ud800.org",
        "x" * 400,
        "\x00@example.org",
    ],
)
def test_wrong_address_is_kept_and_seen_and_undoes_nothing(
    address: str, mail_server: FakeServer
) -> None:
    enqueue([_mail(to=address), _mail()])
    assert delivery.drain() == 1
    failed = OutboxMessage.objects.get(status="failed")
    assert failed.last_error == outbox.INVALID_ADDRESS
    assert [message.to for message in mail_server.taken] == [["a@example.org"]]


def test_text_has_no_gaps_where_a_block_was_empty(sample_mail: Path) -> None:
    (sample_mail / "body.txt").write_text("One\n\n \n\n\t\nTwo\n\nThree\n\n\n")
    enqueue([_mail()])
    assert OutboxMessage.objects.get().body_text == "One\n\nTwo\n\nThree\n"


def test_unknown_mail_is_a_mistake_of_ours() -> None:
    with pytest.raises(TemplateDoesNotExist):
        enqueue([_mail(name="no_such_mail")])


def _dump() -> str:
    """All text that the outbox holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(m)::text FROM notifications_outboxmessage m")
        return "\n".join(row for (row,) in cursor.fetchall())


def test_link_is_readable_in_the_mail_and_never_in_the_database(mail_server: FakeServer) -> None:
    enqueue([_mail(context={"name": "Ann", "link": links.placeholder("reset", [5, 1])})])
    before = _dump()
    delivery.drain()
    (sent,) = mail_server.taken
    (token,) = re.findall(r"Dear Ann: (\S+)", sent.body)
    assert links.read("reset", token, 60) == [5, 1]
    (alternative,) = sent.alternatives
    (in_html,) = re.findall(r"/x/(\S+)/\"", alternative.content)
    assert links.read("reset", in_html, 60) == [5, 1]
    for dump in (before, _dump()):
        assert "~~link." in dump
        for word in {token, in_html, *token.split(":")[1:]}:
            assert word not in dump


def test_marker_read_from_the_database_is_of_no_use(mail_server: FakeServer) -> None:
    """Somebody who can read the database puts a marker of another's mail into their own name."""
    enqueue([_mail(context={"link": links.placeholder("reset", [5, 1])})])
    (marker,) = set(re.findall(r"~~link\.[^~]+~~", OutboxMessage.objects.get().body_text))
    OutboxMessage.objects.all().delete()
    enqueue([_mail(to="thief@example.org", context={"name": marker})])
    delivery.drain()
    assert f"Dear {marker}: " in mail_server.taken[0].body
