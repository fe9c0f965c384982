"""Secrets in the links of mails: written as markers, made at delivery, never stored.

A mail waits in the database, and whoever can read the database must not be able to use the links
in it. So ``emails.py`` puts a marker where the token belongs, and the sender replaces it by a
token in the moment of delivery. Two kinds of markers exist. The one that ``placeholder`` gives is
good only until the mail is enqueued; ``bind`` turns it into one that is good only in that very
mail. A marker that somebody copies out of the database into a text of their own stays a marker.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core import signing

# Only characters that neither HTML nor an address escapes, so that the marker survives both.
_MARKER = re.compile(r"~~link\.([A-Za-z0-9_-]+:[A-Za-z0-9_-]+)~~")
_FRESH = "notifications.links.fresh"
# Rooms above say how to make what is no link; see `register_maker`.
_makers: dict[str, Callable[[Any], str]] = {}


class BadLink(Exception):  # noqa: N818 - the name says what the link is, not what broke
    """The token is not one of ours, is for another purpose, was altered, or is too old."""


def register_maker(purpose: str, make: Callable[[Any], str]) -> None:
    """Let ``make(value)`` write what stands in the place of this purpose's markers, say a code.

    It has to write the same for the same value. The mailbox page keeps these markers in the
    database and has them made when somebody looks.
    """
    _makers[purpose] = make


def placeholder(purpose: str, value: Any) -> str:
    """Return the marker to put into a mail's context where ``token(purpose, value)`` belongs.

    ``value`` is whatever JSON can hold and is enough to recognise the link later, say the key of
    a row and a counter; it can be read by whoever gets the link.
    """
    return _mark([purpose, value], _FRESH)


def token(purpose: str, value: Any) -> str:
    """Return a token that ``read`` understands; fit for an address, signed and dated.

    For a purpose with a maker, return what it makes.
    """
    if purpose in _makers:
        return _makers[purpose](value)
    return signing.dumps(value, salt=_purpose_salt(purpose))


def read(purpose: str, token: str, max_age: timedelta | int) -> Any:
    """Return the value of a token. ``max_age`` is a duration (or seconds). Raises BadLink."""
    try:
        return signing.loads(token, salt=_purpose_salt(purpose), max_age=max_age)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadLink from error


def bind(text: str, message_id: str) -> str:
    """Tie the markers of a freshly written text to the mail that it belongs to."""
    return _replace(text, _FRESH, lambda content: _mark(content, _message_salt(message_id)))


def resolve(text: str, message_id: str, *, keep_made: bool = False) -> str:
    """Replace the markers that were tied to this mail by tokens; leave all others alone.

    ``keep_made`` leaves those with a maker alone too, for a copy that goes into the database.
    """
    salt = _message_salt(message_id)

    def write(content: Any) -> str:
        purpose, value = content
        return _mark(content, salt) if keep_made and purpose in _makers else token(purpose, value)

    return _replace(text, salt, write)


def reveal(text: str) -> str:
    """Replace the markers of a freshly written text by tokens, when it leaves the house."""
    return _replace(text, _FRESH, lambda content: token(*content))


def _replace(text: str, salt: str, make: Any) -> str:
    def one(found: re.Match[str]) -> str:
        try:
            content = signing.Signer(salt=salt).unsign_object(found.group(1))
        except signing.BadSignature:
            return found.group(0)
        return str(make(content))

    return _MARKER.sub(one, text) if "~~link." in text else text


def _mark(content: Any, salt: str) -> str:
    return f"~~link.{signing.Signer(salt=salt).sign_object(content)}~~"


def _purpose_salt(purpose: str) -> str:
    return f"notifications.links.token.{purpose}"


def _message_salt(message_id: str) -> str:
    return f"notifications.links.message.{message_id}"
