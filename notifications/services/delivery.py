"""Sends what waits in the outbox, and keeps account of it mail by mail.

Each mail is marked the moment the server has taken it. A worker that is killed between the
server's answer and the mark causes the one duplicate that cannot be avoided; it carries the same
Message-ID as the first copy, so the receiver can tell.
"""

from __future__ import annotations

import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto

import structlog
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError, connection
from django.utils.http import http_date

from notifications import blocking, links, retries
from notifications.letters import one_line
from notifications.models import OutboxMessage
from notifications.services import claims
from notifications.services.claims import Claim

logger = structlog.get_logger(__name__)

BATCH = 500
WORK_SECONDS = 20.0
"""How long one drain takes at most, but for the mail in hand: the worker has other things to do,
and a mail begun at the very end has to be over before its lease is."""
BREAKS = 3
"""So many broken connections in a row, and the mail server counts as away."""


class Fault(Enum):
    """What an error says about the mail."""

    PERMANENT = auto()
    """The server will never take it."""
    TEMPORARY = auto()
    """The server did not take it now."""
    BROKEN = auto()
    """The connection broke while it was being handed over."""


def drain(*, batch: int = BATCH) -> int:
    """Send the mails that are due, over one connection for each claim; returns how many.

    Stops after ``WORK_SECONDS``; what is left is taken by the next call.
    """
    sent = 0
    ends = time.monotonic() + WORK_SECONDS
    with _quick_commits():
        while time.monotonic() < ends:
            claim = claims.take(limit=batch)
            if not claim.messages:
                break
            count, server_away = _deliver(claim, ends)
            sent += count
            if server_away:
                break
    return sent


def fault_of(error: Exception) -> Fault:
    """Tell whether trying again can help."""
    match error:
        case smtplib.SMTPServerDisconnected() | smtplib.SMTPConnectError():
            fault = Fault.BROKEN
        case (
            smtplib.SMTPSenderRefused()
            | smtplib.SMTPAuthenticationError()
            | smtplib.SMTPHeloError()
        ):
            fault = Fault.TEMPORARY  # our own settings are at fault, not the mail
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            fault = _by_code(next(iter(refused.values()))[0]) if refused else Fault.TEMPORARY
        case smtplib.SMTPResponseException(smtp_code=code):
            fault = _by_code(code)
        case smtplib.SMTPException():
            fault = Fault.TEMPORARY
        case OSError():
            fault = Fault.BROKEN
        case ValueError():
            fault = Fault.PERMANENT  # it cannot be written as a mail
        case _:
            fault = Fault.TEMPORARY
    return fault


def _by_code(code: int) -> Fault:
    if code == 421:
        return Fault.BROKEN
    return Fault.PERMANENT if 500 <= code < 600 else Fault.TEMPORARY


def _deliver(claim: Claim, ends: float) -> tuple[int, bool]:
    """Send the mails of a claim. Returns how many, and whether the server is away."""
    backend = mail.get_connection()
    waiting = list(reversed(claim.messages))
    sent = breaks = 0
    error = ""
    try:
        while waiting and breaks < BREAKS and time.monotonic() < ends:
            try:
                backend.open()
            except (OSError, smtplib.SMTPException) as problem:
                error, breaks = one_line(str(problem)), BREAKS
                break
            fault = _send(backend, claim, waiting.pop())
            sent += fault is None
            breaks = breaks + 1 if fault is Fault.BROKEN else 0
            if fault is Fault.BROKEN:
                backend.close()
    finally:
        backend.close()
        if waiting:
            away = breaks >= BREAKS
            wait = retries.SERVER_AWAY if away else retries.NOW
            claims.release(claim, waiting, wait=wait, error=error)
    return sent, breaks >= BREAKS


def _send(backend: BaseEmailBackend, claim: Claim, message: OutboxMessage) -> Fault | None:
    """Hand one mail over and note the result. Returns what went wrong, if anything."""
    log = logger.bind(mail=message.pk, name=message.name, attempt=message.attempts)
    if blocking.is_blocked(message.to):
        claims.mark_failed(claim, message, blocking.BLOCKED)
        log.warning("mail_blocked")
        return Fault.PERMANENT
    if message.attempts > retries.MAX_ATTEMPTS:
        claims.mark_failed(claim, message, "The sender stopped at each attempt.")
        log.warning("mail_failed", error="attempts")
        return Fault.PERMANENT
    try:
        mime = _mime(message, keep_made=_keeps_made_markers(backend))
    except Exception as error:  # noqa: BLE001 - one bad mail must not hold up the others
        # Our words are at fault, not the mail: the next version may mend them.
        return _put_back(claim, message, error, Fault.TEMPORARY)
    try:
        backend.send_messages([mime])
    except Exception as error:  # noqa: BLE001 - the same
        return _put_back(claim, message, error, fault_of(error))
    _note_sent(claim, message)
    return None


def _put_back(claim: Claim, message: OutboxMessage, error: Exception, fault: Fault) -> Fault:
    """Note why a mail did not leave: it is tried again, or has failed. Returns the fault."""
    text = one_line(f"{type(error).__name__}: {error}")
    again = fault is not Fault.PERMANENT and claims.mark_for_retry(claim, message, text)
    if not again:
        claims.mark_failed(claim, message, text)
    log = logger.bind(mail=message.pk, name=message.name, attempt=message.attempts)
    log.warning("mail_refused" if again else "mail_failed", error=text)
    return fault


def _keeps_made_markers(backend: BaseEmailBackend) -> bool:
    """Tell whether the backend is the mailbox page, whose table must hold no readable code."""
    return getattr(backend, "keeps_made_markers", False)


def _mime(message: OutboxMessage, *, keep_made: bool = False) -> EmailMultiAlternatives:
    """Return the mail as it goes out, with its links in place."""

    def filled(text: str) -> str:
        return links.resolve(text, message.message_id, keep_made=keep_made)

    letter = message.letter
    mime = EmailMultiAlternatives(
        subject=letter.subject,
        body=filled(letter.text),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.to],
        headers={
            "Message-ID": message.message_id,
            "Date": http_date(message.created_at.timestamp()).replace("GMT", "+0000"),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    mime.attach_alternative(filled(letter.html), "text/html")
    return mime


def _note_sent(claim: Claim, message: OutboxMessage) -> None:
    """Mark the mail, and do not give up because the database is restarting."""
    for pause in (0.5, 1.0, 2.0, 4.0):
        try:
            claims.mark_sent(claim, message)
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(pause)
        else:
            return
    claims.mark_sent(claim, message)


@contextmanager
def _quick_commits() -> Iterator[None]:
    """Let marks return before they reach the disk.

    A killed worker loses nothing by that. If the database machine fails, the marks of the last
    half second may be lost, and those mails go out again under the same Message-ID.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("RESET synchronous_commit")
