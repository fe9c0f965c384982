"""Writes the words of a mail: its templates, filled with the facts that wait in the outbox."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.template import Context, Template, engines
from django.template.backends.django import DjangoTemplates
from django.utils import translation

from notifications import facts

_GAPS = re.compile(r"\n(?:[ \t]*\n){2,}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NOT_IN_HEADERS = frozenset({"Cc", "Cs", "Zl", "Zp"})


@dataclass(frozen=True)
class Letter:
    """The words of one mail; the markers of its links are still in it."""

    subject: str
    text: str
    html: str


def write(name: str, context: Mapping[str, Any], language: str) -> Letter:
    """Return the words of the mail ``name`` in this language.

    ``context`` holds kept facts. Raises TemplateDoesNotExist for an unknown name.
    """
    values = _values(context)
    with translation.override(language):
        return Letter(
            subject=_subject(name, values),
            text=_body(name, "body.txt", values, autoescape=False),
            html=_body(name, "body.html", values, autoescape=True),
        )


def subject(name: str, context: Mapping[str, Any], language: str) -> str:
    """Return what stands in the subject line of the mail. Raises as ``write``."""
    with translation.override(language):
        return _subject(name, _values(context))


def check(name: str) -> None:
    """Raise TemplateDoesNotExist when there is no such mail."""
    _template(name, "subject.txt")


def one_line(text: str) -> str:
    """Return a text fit for a header: no control characters, one line, at most 255 characters."""
    if not text.isprintable():
        text = "".join(
            " " if unicodedata.category(char) in _NOT_IN_HEADERS else char for char in text
        )
    return " ".join(text.split())[:255]


def _values(context: Mapping[str, Any]) -> dict[str, Any]:
    return {**facts.thaw(dict(context)), "origin": settings.PORTAL_ORIGIN}


def _subject(name: str, values: dict[str, Any]) -> str:
    return one_line(_render(name, "subject.txt", values, autoescape=False))


def _body(name: str, part: str, values: dict[str, Any], *, autoescape: bool) -> str:
    """Return a rendered text without control characters and the gaps that blocks leave."""
    text = _render(name, part, values, autoescape=autoescape)
    return _GAPS.sub("\n\n", _CONTROLS.sub("", text)).strip() + "\n"


def _render(name: str, part: str, values: dict[str, Any], *, autoescape: bool) -> str:
    return _template(name, part).render(Context(values, autoescape=autoescape))


def _template(name: str, part: str) -> Template:
    backend = cast(DjangoTemplates, engines["django"])
    return backend.engine.get_template(f"emails/{name}/{part}")
