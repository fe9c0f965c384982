"""A mail server on loopback that keeps what it is sent, and can be told to misbehave."""

import email.policy
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from html import unescape
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller

from tests.live.ports import free_port

LINK = re.compile(r"https?://[^\s<>\"']+")


@dataclass(frozen=True)
class Mail:
    """One mail as it arrived."""

    to: tuple[str, ...]
    subject: str
    message_id: str
    text: str
    html: str
    raw: bytes
    at: float = 0.0  # seconds of the monotonic clock

    def links(self) -> list[str]:
        """Every address in the text part, in order."""
        return [link.rstrip(".,)") for link in LINK.findall(self.text)]

    def link(self, part: str) -> str:
        """The first address that contains `part`; raises LookupError with the text."""
        for link in [*self.links(), *(unescape(link) for link in LINK.findall(self.html))]:
            if part in link:
                return link
        raise LookupError(f"no link with {part!r} in {self.subject!r}:\n{self.text}")


def parse(to: tuple[str, ...], raw: bytes) -> Mail:
    """Read a mail from its bytes."""
    message = BytesParser(_class=EmailMessage, policy=email.policy.default).parsebytes(raw)

    def part(kind: str) -> str:
        body = message.get_body((kind,))
        return "" if body is None else str(body.get_content())

    return Mail(
        to=to,
        subject=str(message["Subject"] or ""),
        message_id=str(message["Message-ID"] or ""),
        text=part("plain"),
        html=part("html"),
        raw=raw,
        at=time.monotonic(),
    )


class MailSink:
    """Takes every mail, or refuses it with `refusal` ("451 later" or "550 no such user").

    Use as a context manager; `port` is where it listens.
    """

    def __init__(self) -> None:
        self.refusal = ""
        self.refused = 0
        self._mails: list[Mail] = []
        self._news = threading.Condition()
        self._controller = Controller(self, hostname="127.0.0.1", port=0)

    def __enter__(self) -> Self:
        # aiosmtpd tests its own readiness at the port it was given, so it has to be a real one.
        self._controller.port = free_port()
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        """The port it listens at."""
        return int(self._controller.port)

    @property
    def mails(self) -> list[Mail]:
        """What has arrived so far, oldest first."""
        with self._news:
            return list(self._mails)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the mail and answer."""
        if self.refusal:
            self.refused += 1
            return self.refusal
        mail = parse(tuple(envelope.rcpt_tos), bytes(envelope.original_content))
        with self._news:
            self._mails.append(mail)
            self._news.notify_all()
        return "250 kept"

    def to(self, address: str) -> list[Mail]:
        """Return the mails that one address got, oldest first."""
        return [mail for mail in self.mails if address.lower() in {to.lower() for to in mail.to}]

    def wait_until(self, is_so: Callable[[list[Mail]], bool], *, seconds: float = 30) -> bool:
        """Wait until the mails that arrived satisfy a condition; tell whether they did."""
        with self._news:
            return self._news.wait_for(lambda: is_so(self._mails), timeout=seconds)

    def wait_for(self, address: str, subject: str, *, seen: int = 0, seconds: float = 30) -> Mail:
        """Wait for a mail to an address whose subject holds some words (in any case).

        `seen` passes over that many earlier ones. Raises LookupError with what did arrive.
        """

        def fitting(mails: list[Mail]) -> list[Mail]:
            return [
                mail
                for mail in mails
                if address.lower() in {to.lower() for to in mail.to}
                and subject.lower() in mail.subject.lower()
            ]

        if not self.wait_until(lambda mails: len(fitting(mails)) > seen, seconds=seconds):
            arrived = [(mail.to, mail.subject) for mail in self.mails]
            raise LookupError(f"no mail {subject!r} to {address}; arrived: {arrived}")
        return fitting(self.mails)[seen]
