"""Text messages and voice calls leave the house here: a small interface and who stands behind it.

The embedded default keeps them for the mailbox page. Elsewhere ``SMS_GATEWAY`` names a carrier;
without one the kinds of devices that need it are not offered.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import escape

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from notifications import links, mailbox
from notifications.models import MailboxMessage

_SECONDS = 5  # a page waits no longer for a carrier


class NotDeliveredError(Exception):
    """The carrier did not take the message; trying another device helps more than waiting."""


class Gateway(Protocol):
    """What sends codes to telephones.

    The words may hold markers of ``notifications.links``; whoever sends them out reveals them in
    that moment, so that nothing readable is stored on the way.
    """

    def send_text(self, number: str, words: str) -> None:
        """Send a text message to a number in E.164 form. Raises NotDeliveredError."""

    def place_call(self, number: str, extension: str, words: str) -> None:
        """Call a number, dial the extension, say the words. Raises NotDeliveredError."""


class MailboxGateway:
    """Keeps texts and calls for the mailbox page of the embedded default."""

    def send_text(self, number: str, words: str) -> None:
        """Keep a text message."""
        mailbox.keep(channel=MailboxMessage.Channel.TEXT, to=number, words=words)

    def place_call(self, number: str, extension: str, words: str) -> None:
        """Keep what a call would have said."""
        to = f"{number} ext. {extension}" if extension else number
        mailbox.keep(channel=MailboxMessage.Channel.CALL, to=to, words=words)


class TwilioGateway:
    """Sends through Twilio by its own library, locked in ``requirements-twilio.lock``.

    ``address`` is ``twilio://account:token@+14105550100``; the number is the sender's.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        if not (parts.username and parts.password and parts.hostname):
            raise ImproperlyConfigured("SMS_GATEWAY has to be twilio://account:token@+number.")
        self._account, self._token = unquote(parts.username), unquote(parts.password)
        self._sender = parts.netloc.rpartition("@")[2]

    def send_text(self, number: str, words: str) -> None:
        """Send a text message."""
        self._ask("messages", to=number, body=links.reveal(words))

    def place_call(self, number: str, extension: str, words: str) -> None:
        """Call and speak; ``w`` waits half a second before the extension is dialled."""
        said = f'<Response><Pause length="1"/><Say>{escape(links.reveal(words))}</Say></Response>'
        dialled = {"send_digits": f"ww{extension}"} if extension else {}
        self._ask("calls", to=number, twiml=said, **dialled)

    def _ask(self, kind: str, **what: str) -> None:
        from twilio.base.exceptions import TwilioException
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        client: Any = Client(
            self._account, self._token, http_client=TwilioHttpClient(timeout=_SECONDS)
        )
        try:
            getattr(client, kind).create(from_=self._sender, **what)
        except (TwilioException, OSError) as error:
            raise NotDeliveredError(kind) from error


def are_available() -> bool:
    """Whether texts and calls can be sent at all in this installation."""
    return bool(settings.SMS_GATEWAY) or settings.MAILBOX_ENABLED


def get() -> Gateway:
    """The gateway of this installation. Raises ImproperlyConfigured for an unknown address."""
    if not are_available():
        raise ImproperlyConfigured("SMS_GATEWAY is not set, so no texts and calls can be sent.")
    return _made(settings.SMS_GATEWAY)


@lru_cache(maxsize=4)
def _made(address: str) -> Gateway:
    if not address:
        return MailboxGateway()
    if address.startswith("twilio://"):
        return TwilioGateway(address)
    raise ImproperlyConfigured("SMS_GATEWAY has to begin with twilio://.")
