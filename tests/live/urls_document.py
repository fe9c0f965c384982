"""Reads docs/urls.md, and the same facts out of the URL resolver, for tests that compare them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/urls.md"
_ROW = re.compile(r"^\| `(?P<name>[\w:]+)` \|(?P<rest>.*)\|$")
_CONVERTER = re.compile(r"<\w+:(\w+)>")


@dataclass(frozen=True)
class Row:
    """One address: URL name, path with places in angle brackets, methods, who, form fields."""

    name: str
    path: str
    methods: frozenset[str]
    who: str
    fields: frozenset[str]


def documented() -> dict[str, Row]:
    """Return the rows of the document by URL name."""
    rows = {}
    for line in DOCUMENT.read_text().splitlines():
        found = _ROW.match(line)
        if found:
            path, methods, who, fields = (cell.strip() for cell in found["rest"].split("|"))
            rows[found["name"]] = Row(
                found["name"],
                path.strip("`"),
                frozenset(methods.split(", ")),
                who.strip("`"),
                frozenset(re.findall(r"`(\w+)`", fields)),
            )
    return rows


def resolved() -> dict[str, tuple[str, str]]:
    """Return path and access marker of every URL name but the admin's."""
    return {
        name: (path, getattr(pattern.callback, "access", "no marker"))
        for name, path, pattern in _walk(get_resolver(), "", "/")
    }


def asking_again() -> dict[str, str]:
    """Return the paths of the URL names that ask for both factors again when those are old."""
    return {
        name: path
        for name, path, pattern in _walk(get_resolver(), "", "/")
        if getattr(pattern.callback, "asks_again", False)
    }


def _walk(
    resolver: URLResolver, namespace: str, base: str
) -> Iterator[tuple[str, str, URLPattern]]:
    for pattern in resolver.url_patterns:
        path = base + _CONVERTER.sub(r"<\1>", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from _walk(pattern, inner, path)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", path, pattern
