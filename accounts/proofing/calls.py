"""Calls the bureau: never longer than the limit, not at all while it is known to be away.

Each web process has a few lines to the bureau only. Without that, four people who wait for a slow
one would hold every thread of a process, and everybody else's pages with them.

Nothing of what is sent or received is logged, only that a call went wrong and in which way.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import ProofingAttempt
from accounts.proofing import breaker, replies
from accounts.proofing.provider import Applicant, Found, Judged, Provider, Question, Trouble

logger = logging.getLogger(__name__)

Cause = ProofingAttempt.Cause
_lines = threading.BoundedSemaphore(settings.PROOFING_AT_ONCE)
Understood = TypeVar("Understood")


def provider() -> Provider | None:
    """The bureau of this installation, or None where people are proven by the help desk only."""
    path = settings.PROOFING_PROVIDER
    if not path:
        return None
    found: Provider = import_string(path)()
    return found


def start(applicant: Applicant) -> tuple[Found, str]:
    """Ask about a person; returns what was found and the bureau's reference.

    Raises ``Trouble``.
    """
    return _call(replies.started, "start", applicant)


def questions(reference: str, set_number: int) -> list[Question]:
    """The questions of a set, the same ones each time. Raises ``Trouble``."""

    def understand(reply: Any) -> list[Question]:
        return replies.questions(reply, reference=reference, count=settings.PROOFING_QUESTIONS)

    return _call(understand, "questions", reference, set_number)


def answer(reference: str, set_number: int, choices: Sequence[int]) -> Judged:
    """Have answers judged. Raises ``Trouble``; only the bureau's clear yes is a yes."""

    def understand(reply: Any) -> Judged:
        return replies.judged(reply, reference=reference)

    return _call(understand, "answer", reference, set_number, list(choices))


def _call(understand: Callable[[Any], Understood], method: str, *arguments: Any) -> Understood:
    """Ask, wait for the limit at most, and judge the form of the reply."""
    bureau = provider()
    if bureau is None or breaker.is_open():
        raise Trouble(Cause.DOWN)
    if not _lines.acquire(timeout=settings.PROOFING_PATIENCE.total_seconds()):
        logger.warning("The proofing bureau was not asked: all lines are busy")
        raise Trouble(Cause.DOWN)  # nothing against the bureau, so the breaker does not count it
    try:
        understood = understand(_ask_in_time(getattr(bureau, method), arguments))
    except Trouble as trouble:
        breaker.note_trouble()
        logger.warning("The proofing bureau gave no usable answer: %s", trouble.cause)
        raise
    finally:
        _lines.release()
    breaker.note_success()
    return understood


def _ask_in_time(ask: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Ask in a thread of its own, because no adapter can be trusted to keep the time itself."""
    replies_got: list[Any] = []
    failures: list[str] = []

    def run() -> None:
        try:
            replies_got.append(ask(*arguments))
        except TimeoutError:
            failures.append(Cause.TIMEOUT)
        except OSError:
            failures.append(Cause.DOWN)
        except Exception as error:  # noqa: BLE001 - an adapter may raise anything
            # Its text could hold what was sent, so only its kind is told.
            logger.error("The adapter of the proofing bureau broke: %s", type(error).__name__)  # noqa: TRY400 - a traceback would tell more
            failures.append(Cause.GARBAGE)

    thread = threading.Thread(target=run, name="proofing", daemon=True)
    thread.start()
    thread.join(settings.PROOFING_TIMEOUT.total_seconds())
    if failures:
        raise Trouble(failures[0])
    if not replies_got:
        raise Trouble(Cause.TIMEOUT)
    return replies_got[0]
