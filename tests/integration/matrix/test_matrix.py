"""Persona x address x method x own or foreign object: only what is written down opens."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.counts import FULL
from tests.integration.matrix import table
from tests.integration.matrix.conftest import Ask
from tests.integration.matrix.table import PERSONAS, Address, Persona
from tests.live import pages, urls_document

_ALL = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH")
FEWEST = 2000


def methods(address: Address, number: int) -> tuple[str, ...]:
    """Those written down, and in turn one of the others; all in `make proof`."""
    written = tuple(sorted(address.methods))
    others = tuple(method for method in _ALL if method not in written)
    if FULL:
        return written + others
    return written if number % 2 else (*written, others[number // 2 % len(others)])


def addresses(world: dict[str, str]) -> list[Address]:
    """Every address, from the resolver, filled with an object of somebody."""
    documented = urls_document.documented()
    again = urls_document.asking_again()
    found = []
    for name, (path, marker) in sorted(urls_document.resolved().items()):
        if name not in table.FOR_MACHINES:
            thing = world[table.OBJECTS[name][0]] if name in table.OBJECTS else ""
            methods, filled = documented[name].methods, _filled(path, thing)
            found.append(Address(name, filled, marker, methods, asks_again=name in again))
    both = frozenset({"GET", "POST"})
    of_admin = pages.extra_paths(pages.ADMIN, world)
    found += [Address("admin", path, "allowed_by:admin", both) for path in of_admin]
    return found


def _filled(path: str, thing: str) -> str:
    return re.sub(r"<(\w+)>", lambda place: table.WORDS.get(place[1], thing), path)


def chosen(persona: Persona, found: list[Address]) -> list[tuple[int, Address]]:
    """Leave out most of what is the same for many; nothing in `make proof`."""
    turn = PERSONAS.index(persona)
    return [
        (number, address)
        for number, address in enumerate(found)
        if FULL or (number + turn) % 10 == 0 or not _is_thinned(persona, address)
    ]


def _is_thinned(persona: Persona, address: Address) -> bool:
    if not persona.who or persona.is_half:
        return address.name == "admin"
    if address.marker == "public":
        return True
    is_plain = not address.policy and address.name not in table.OBJECTS
    return address.name == "admin" or (is_plain and not persona.is_strong)


def outcome_of(answer: Any, path: str) -> str:
    """Name what came back."""
    status, target = answer.status_code, answer.headers.get("Location", "")
    if status != 302:
        forbidden = table.READ_ONLY if path.startswith("/audit/") else table.STRONGER
        plain = {404: table.ABSENT, 405: table.NO_METHOD, 403: forbidden}
        return plain.get(status, table.OPENS if status < 500 else str(status))
    if target == "/login/password/" or (target == path and path.startswith("/login/")):
        return table.SECOND_STEP
    if target.startswith("/login/again/"):
        return table.STRONGER
    is_sign_in = target.startswith(("/terms/?next=", "/login/?next="))
    return table.SIGN_IN if is_sign_in else table.OPENS


def cells(persona: Persona, world: dict[str, str]) -> list[tuple[str, Address]]:
    """Return what a persona asks for: methods and addresses."""
    return [
        (method, address)
        for number, address in chosen(persona, addresses(world))
        for method in methods(address, number + PERSONAS.index(persona))
    ]


@pytest.mark.proof
@pytest.mark.parametrize("persona", PERSONAS, ids=str)
def test_only_what_is_written_down_opens(
    persona: Persona, world: dict[str, str], asking: Callable[[Persona], Ask]
) -> None:
    ask = asking(persona)
    wrong, asked = [], cells(persona, world)
    for method, address in asked:
        answer = ask(method, address.path, table.POSTED.get(address.name))
        outcome = outcome_of(answer, address.path)
        if outcome not in table.right(persona, address, method):
            expected = sorted(table.right(persona, address, method))
            status = f"{answer.status_code} {answer.headers.get('Location', '')}"
            wrong.append(f"{method} {address.path}: {status.strip()}, expected {expected}")
    assert wrong == [], "\n".join([f"{len(wrong)} of {len(asked)}", *wrong])


def test_the_matrix_is_large(world: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    asked = sum(len(cells(persona, world)) for persona in PERSONAS)
    with capsys.disabled():
        print(f"\nmatrix: {asked} cells, {len(PERSONAS)} personas")
    assert asked >= FEWEST
