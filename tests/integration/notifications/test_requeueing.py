"""A failed mail can be tried again by a person with the right; nothing else can be touched."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.messages.storage.base import BaseStorage
from django.test import RequestFactory

import clock
from accounts.models import User
from audit.models import AuditEntry
from notifications.admin import OutboxMessageAdmin
from notifications.models import OutboxMessage
from notifications.services import delivery, requeueing, retention
from notifications.signals import mail_requeued
from tests.factories.notifications import make_message, make_messages
from tests.integration.notifications.conftest import FakeServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return get_user_model().objects.create_user("help.desk", "desk@example.org")


@pytest.fixture
def heard() -> Iterator[list[dict[str, Any]]]:
    calls = []

    def listen(**arguments: Any) -> None:
        calls.append(arguments)

    mail_requeued.connect(listen)
    yield calls
    mail_requeued.disconnect(listen)


def _failed(**fields: Any) -> OutboxMessage:
    return make_message(status="failed", attempts=9, last_error="550 unknown", **fields)


def test_failed_mail_goes_out_again(
    person: User, heard: list[dict[str, Any]], mail_server: FakeServer
) -> None:
    message = _failed()
    assert requeueing.requeue(message_ids=[message.pk], actor=person) == 1
    assert delivery.drain() == 1
    message.refresh_from_db()
    assert (message.status, message.attempts) == ("sent", 1)
    (call,) = heard
    assert (call["actor"], call["message"], call["error"]) == (person, message, "550 unknown")


def test_retry_by_hand_is_in_the_audit_log(person: User) -> None:
    message = _failed()
    requeueing.requeue(message_ids=[message.pk], actor=person)
    entry = AuditEntry.objects.get()
    assert (entry.tag, entry.actor, entry.reason) == ("mail:retry", person, "550 unknown")
    assert (entry.target_type, entry.target_id) == (
        "notifications.outboxmessage",
        str(message.pk),
    )


def test_mail_that_did_not_fail_stays_as_it_is(
    person: User, heard: list[dict[str, Any]], mail_server: FakeServer
) -> None:
    sent = make_message(status="sent", sent_at=clock.now())
    waiting = make_message(next_try_at=clock.now() + timedelta(hours=1), attempts=3)
    assert requeueing.requeue(message_ids=[sent.pk, waiting.pk], actor=person) == 0
    assert heard == []
    assert delivery.drain() == 0


def _request(person: User, *permissions: str) -> Any:
    for name in permissions:
        person.user_permissions.add(Permission.objects.get(codename=name))
    request: Any = RequestFactory().post("/")
    request.user = get_user_model().objects.get(pk=person.pk)
    request._messages = BaseStorage(request)
    return request


def test_administration_page_offers_it_to_those_with_the_right(
    person: User, mail_server: FakeServer
) -> None:
    page = OutboxMessageAdmin(OutboxMessage, site)
    assert "try_again" not in page.get_actions(_request(person, "view_outboxmessage"))
    request = _request(person, "retry_outboxmessage")
    assert "try_again" in page.get_actions(request)
    message = _failed()
    page.try_again(request, OutboxMessage.objects.all())
    message.refresh_from_db()
    assert message.status == "queued"
    assert [str(told) for told in request._messages._queued_messages] == [
        "1 mail will be tried again."
    ]


def test_administration_page_changes_nothing_even_for_a_superuser(person: User) -> None:
    person.is_superuser = person.is_staff = True
    person.save()
    request, page = _request(person), OutboxMessageAdmin(OutboxMessage, site)
    assert page.has_view_permission(request)
    assert not page.has_add_permission(request)
    assert not page.has_change_permission(request)
    assert not page.has_delete_permission(request)
    assert not {"context", "body_text", "body_html"} & set(page.fields)
    assert "delete_selected" not in page.get_actions(request)


def test_old_sent_mails_are_forgotten_and_failed_ones_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "CHUNK", 4)
    now = clock.now()
    make_messages(10, status="sent", sent_at=now - timedelta(days=91))
    make_messages(2, status="sent", sent_at=now - timedelta(days=89))
    _failed(created_at=now - timedelta(days=400))
    assert retention.forget_sent() == 10
    assert OutboxMessage.objects.count() == 3
    assert retention.forget_sent() == 0
