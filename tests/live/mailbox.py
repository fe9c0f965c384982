"""Reads what the portal wrote to people, on the mailbox page of the embedded default."""

import re
import time
import urllib.request
from html import unescape
from typing import Any

from tests.live.mail import Mail
from tests.live.portal import RunningPortal

_TEXT = re.compile(r'<div class="panel mail-text">(.*?)</div>', re.DOTALL)
_BREAK, _TAG = re.compile(r"<br\s*/?>\n?"), re.compile(r"<[^>]+>")
_ARRIVED = 'select "to", subject from notifications_mailboxmessage order by id'
_OF_ONE = (
    'select id, "to", subject, message_id from notifications_mailboxmessage'
    " where channel = 'mail' and lower(\"to\") = lower(%s) order by id"
)


class Mailbox:
    """The mails of a running portal that has no mail server."""

    def __init__(self, portal: RunningPortal) -> None:
        self._portal = portal

    def to(self, address: str) -> list[Mail]:
        """Return the mails that one address got, oldest first."""
        return [self._open(row) for row in self._rows(address)]

    def wait_for(self, address: str, subject: str, *, seen: int = 0, seconds: float = 30) -> Mail:
        """Wait for a mail to an address whose subject holds some words (in any case).

        `seen` passes over that many earlier ones. Raises LookupError with what did arrive.
        """
        until = time.monotonic() + seconds
        while len(found := self._rows(address, subject)) <= seen:
            if time.monotonic() > until:
                arrived = [tuple(row.values()) for row in self._portal.rows(_ARRIVED)]
                raise LookupError(f"no mail {subject!r} to {address}; arrived: {arrived}")
            time.sleep(0.05)
        return self._open(found[seen])

    def _rows(self, address: str, subject: str = "") -> list[dict[str, Any]]:
        rows = self._portal.rows(_OF_ONE, address)
        return [row for row in rows if subject.lower() in row["subject"].lower()]

    def _open(self, row: dict[str, Any]) -> Mail:
        """Read a mail on its page: the table holds none of its codes and links."""
        page, html = self._get(f"/mailbox/{row['id']}/"), self._get(f"/mailbox/{row['id']}/html/")
        shown = _TEXT.search(page)
        assert shown is not None, page
        return Mail(
            to=(row["to"],),
            subject=row["subject"],
            message_id=row["message_id"],
            text=unescape(_TAG.sub("", _BREAK.sub("\n", shown[1]))),
            html=html,
            raw=(page + html).encode(),
        )

    def _get(self, path: str) -> str:
        with urllib.request.urlopen(f"{self._portal.origin}{path}", timeout=30) as answer:  # noqa: S310 - our own loopback
            return str(answer.read().decode())
