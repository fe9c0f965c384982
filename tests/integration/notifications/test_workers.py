"""Several workers share the outbox, and one that is killed loses nothing and doubles nothing."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

import clock
from notifications.models import OutboxMessage
from notifications.services import claims, delivery
from tests import counts
from tests.factories.notifications import make_messages
from tests.integration.notifications.conftest import FakeServer
from tests.live.mail import Mail, MailSink

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = """
import django
django.setup()
from django.conf import settings
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", {port}
from notifications.tasks import drain_outbox
drain_outbox()
"""


def test_workers_at_once_send_each_mail_once(
    mail_server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = make_messages(400)
    start, errors = threading.Barrier(4), []
    monkeypatch.setattr(
        "django.core.mail.EmailMultiAlternatives.message",
        lambda self: None,  # a thread of the test suite, not a mail program
    )

    def work() -> None:
        try:
            start.wait(timeout=20)
            delivery.drain(batch=15)
        except Exception as error:  # noqa: BLE001 - told by the assertion below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []
    assert Counter(sent.to[0] for sent in mail_server.taken) == Counter(
        message.to for message in messages
    )
    assert set(OutboxMessage.objects.values_list("status", "attempts")) == {("sent", 1)}


def test_claims_at_once_share_no_mail() -> None:
    make_messages(300)
    start = threading.Barrier(6)
    taken: list[int] = []

    def work() -> None:
        try:
            start.wait(timeout=20)
            while messages := claims.take(limit=20).messages:
                taken.extend(message.pk for message in messages)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(taken) == 300
    assert len(set(taken)) == 300


def _database_url() -> str:
    database = connection.settings_dict
    secret = quote(str(database["PASSWORD"]), safe="")
    place = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return f"postgres://{database['USER']}:{secret}@{place}"


def _worker(port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WORKER.format(port=port)],
        env={
            **os.environ,
            "DATABASE_URL": _database_url(),
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "PYTHONPATH": os.pathsep.join([str(settings.ROOT), *sys.path]),
        },
    )


def _at_least(goal: int) -> Callable[[list[Mail]], bool]:
    return lambda mails: len(mails) >= goal


@pytest.mark.slow
@pytest.mark.proof
def test_killed_worker_loses_no_mail_and_doubles_none_but_the_one_in_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Kill -9 in the midst of a claim, again and again."""
    kills = counts.times(2, 8)
    messages = make_messages(150 * (kills + 1))
    with MailSink() as sink:
        for kill in range(1, kills + 1):
            worker = _worker(sink.port)
            arrived = sink.wait_until(_at_least(kill * 100), seconds=60)
            worker.send_signal(signal.SIGKILL)
            worker.wait(timeout=20)
            assert arrived
            left = OutboxMessage.objects.filter(status="sending")
            assert left.exists()
            left.update(next_try_at=clock.now())  # the lease ends
        worker = _worker(sink.port)
        assert worker.wait(timeout=90) == 0
        copies = Counter(mail.message_id for mail in sink.mails)
    assert set(copies) == {message.message_id for message in messages}
    assert not OutboxMessage.objects.exclude(status="sent").exists()
    assert sum(copies.values()) - len(messages) <= kills
