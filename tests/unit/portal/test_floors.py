"""Every room stands on a floor, and every variable in the operator's book."""

import tomllib
from pathlib import Path

from portal import environment

ROOT = Path(__file__).resolve().parents[3]
OUTSIDE = {"tests", "bench"}


def test_every_room_has_a_floor() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - OUTSIDE
    (floors,) = [entry for entry in contracts["contracts"] if entry["id"] == "floors"]
    standing = {room.strip() for floor in floors["layers"] for room in floor.split("|")}

    assert rooms == standing
    assert rooms == set(contracts["root_packages"])


def test_every_room_with_services_keeps_them_from_its_pages() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (services,) = [entry for entry in contracts["contracts"] if entry["id"] == "services"]
    with_services = {path.parent.name for path in ROOT.glob("*/services*")} - OUTSIDE
    with_pages = {
        f"{path.parent.name}.{kind}"
        for kind in ("forms", "views")
        for path in ROOT.glob(f"*/{kind}*")
        if path.parent.name not in {"portal", *OUTSIDE}
    }

    assert {f"{room}.services" for room in with_services} == set(services["source_modules"])
    assert with_pages == set(services["forbidden_modules"])


def test_the_book_for_operators_names_every_variable() -> None:
    book = (ROOT / "docs" / "operations.md").read_text()

    assert [name for name in environment.NAMES if f"`{name}`" not in book] == []
