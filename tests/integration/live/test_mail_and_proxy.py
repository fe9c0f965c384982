"""The mail server and the fault proxy of the drills do what the drills rely on."""

import smtplib
import socket
import time
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from tests.live.fault_proxy import Fault, FaultProxy
from tests.live.mail import MailSink


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with MailSink() as running:
        yield running


@pytest.fixture
def proxy(sink: MailSink) -> Iterator[FaultProxy]:
    with FaultProxy(sink.port, delay=0.2) as running:
        yield running


def _send(port: int, *, seconds: float = 5) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "portal@portal.example", "Ann@people.example"
    message["Subject"], message["Message-ID"] = "Your account", "<1@portal.example>"
    message.set_content("Open http://localhost:1/register/activate/abc/.\n")
    message.add_alternative("<p>Open <a href='http://x.example/?a=1&amp;b=2'>it</a></p>", "html")
    with smtplib.SMTP("127.0.0.1", port, timeout=seconds) as client:
        client.send_message(message)


def test_a_mail_is_read_in_all_its_parts(sink: MailSink) -> None:
    _send(sink.port)
    mail = sink.wait_for("ann@people.example", "account")
    assert mail.message_id == "<1@portal.example>"
    assert mail.link("/register/activate/") == "http://localhost:1/register/activate/abc/"
    assert mail.link("x.example") == "http://x.example/?a=1&b=2"
    with pytest.raises(LookupError):
        mail.link("/nothing/")


def test_waiting_for_a_mail_that_does_not_come_says_what_came(sink: MailSink) -> None:
    _send(sink.port)
    with pytest.raises(LookupError, match="Your account"):
        sink.wait_for("bob@people.example", "account", seconds=0.1)


def test_a_refusal_reaches_the_client(sink: MailSink) -> None:
    sink.refusal = "550 no such mailbox"
    with pytest.raises(smtplib.SMTPDataError) as refused:
        _send(sink.port)
    assert refused.value.smtp_code == 550
    assert sink.refused == 1
    assert sink.mails == []


def test_the_proxy_passes_mail_on(sink: MailSink, proxy: FaultProxy) -> None:
    _send(proxy.port)
    assert len(sink.mails) == 1


def test_refusing_connections_and_coming_back(sink: MailSink, proxy: FaultProxy) -> None:
    proxy.fault = Fault.REFUSE
    with pytest.raises(ConnectionRefusedError):
        _send(proxy.port)
    proxy.fault = Fault.NONE
    _send(proxy.port)
    assert len(sink.mails) == 1


def test_a_reset_loses_nothing_silently(sink: MailSink, proxy: FaultProxy) -> None:
    proxy.fault = Fault.RESET
    with pytest.raises((OSError, smtplib.SMTPException)):
        _send(proxy.port)
    assert sink.mails == []


def test_a_black_hole_answers_nothing(sink: MailSink, proxy: FaultProxy) -> None:
    proxy.fault = Fault.BLACKHOLE
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        _send(proxy.port, seconds=0.3)
    assert sink.mails == []


def test_delay_makes_it_slow(sink: MailSink, proxy: FaultProxy) -> None:
    proxy.fault = Fault.DELAY
    begin = time.monotonic()
    _send(proxy.port)
    assert time.monotonic() - begin > 0.8  # greeting, EHLO, MAIL, RCPT, DATA, each late
    assert len(sink.mails) == 1


def test_a_dropped_reply_leaves_the_mail_with_the_server(sink: MailSink, proxy: FaultProxy) -> None:
    proxy.fault = Fault.DROP_REPLY
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        _send(proxy.port)
    assert sink.wait_until(lambda mails: len(mails) == 1, seconds=5)
    assert proxy.dropped == 1


def test_the_end_frees_the_port(sink: MailSink) -> None:
    with FaultProxy(sink.port) as proxy:
        port = proxy.port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
