"""What the reader of the data files refuses, with which line and reason."""

import re
from pathlib import Path

import pytest

from catalog.management.commands.load_catalog import DELIVERED
from catalog.services import data_files
from catalog.services.delivered import BrokenDataError, digest

GOOD = """\
categories:
  - id: shelf
    name: Shelf
systems:
  - id: harbor
    acronym: HBR
    name: Harbor Log
    synonyms: [Ship Log]
    description: Keeps the log.
    category: shelf
    web_address: https://harbor.example
    reapply_wait_minutes: 5
    help_desks:
      - name: Desk
        phones: ['1 (800) 555-0100']
        emails: [desk@harbor.example]
  - id: pier
    name: Pier
    description: Books a place.
    category: shelf
    part_of: harbor
roles:
  - system: harbor
    id: pilot
    name: Pilot
    kind: end_user
    attributes:
      - id: ship
        label: Ship
        kind: choice
        choices: [Barge, Ferry]
      - id: mark
        label: Mark
        kind: text
        pattern: '[A-Z]+'
    approved_by:
      - role: master
        scope: same_organization
  - system: harbor
    id: master
    name: Master
    kind: approver
    identity_assurance: 2
    excludes: [pilot]
    approved_by:
      - assigned
"""

# What is written instead of what, and the complaint with its line.
MISTAKES = [
    ("acronym: HBR", "acronim: HBR", '6: unknown field "acronim"'),
    ("    name: Harbor Log\n", "", '5: "name" is missing'),
    ("name: Harbor Log", "name: ''", '7: "name" is empty'),
    ("name: Harbor Log", "name: 12", '7: "name" has to be text'),
    ("name: Harbor Log", "name: [Harbor]", '7: "name" has to be text'),
    ("name: Harbor Log", f"name: {'x' * 201}", '7: "name" is longer than 200 characters'),
    ("name: Harbor Log", "name: Harbor\n    name: Log", '8: "name" stands here twice'),
    ("id: harbor\n", "id: Har bor\n", '5: "id": '),
    ("synonyms: [Ship Log]", "synonyms: Ship Log", '8: "synonyms" has to be a list'),
    ("synonyms: [Ship Log]", "synonyms: [A, A]", '8: "A" stands in "synonyms" twice'),
    ("synonyms: [Ship Log]", "synonyms: ['A, B']", '8: "synonyms": Commas separate names.'),
    ("https://harbor.example", "harbor", '11: "web_address": Enter a valid URL.'),
    ("https://harbor.example", "javascript:alert(1)", '11: "web_address": Enter a valid URL.'),
    ("reapply_wait_minutes: 5", "reapply_wait_minutes: soon", "12: "),
    ("reapply_wait_minutes: 5", "reapply_wait_minutes: -1", "12: "),
    ("reapply_wait_minutes: 5", "reapply_wait_minutes: 99999", "12: "),
    ("1 (800) 555-0100", "call us", '15: "phones": This is not a phone number.'),
    ("desk@harbor.example", "desk at harbor", '16: "emails": Enter a valid email address.'),
    ("    help_desks:\n      - name", "    help_desks:\n      - x\n      - name", "14: "),
    ("id: pier", "id: harbor", '17: the system "harbor" stands at data.yaml:5 already'),
    ("    category: shelf\n    web", "    category: none\n    web", "5: there is no category"),
    ("part_of: harbor", "part_of: nowhere", '17: there is no system "nowhere" to be part of'),
    ("part_of: harbor", "part_of: pier", '17: "pier" is part of itself'),
    ("kind: end_user", "kind: pilot", '26: "kind" has to be one of'),
    ("choices: [Barge, Ferry]", "choices: []", "28: choices belong to"),
    ("'[A-Z]+'", "'[A-Z'", '35: "pattern": This is not a regular expression'),
    ("'[A-Z]+'", "'[A-Z]+'\n        max_length: 0", '36: "max_length" has to be from 1 to 5000'),
    ("kind: text", "kind: text\n        may_be_new: true", "32: only an organization may be new"),
    ("id: mark", "id: ship", '32: the attribute "ship" stands at data.yaml:28 already'),
    ("scope: same_organization", "scope: nearby", '38: "scope" has to be one of'),
    ("- role: master", "- role: captain", '37: there is no role "harbor/captain" to approve'),
    ("- role: master", "- role: pilot", "37: a role cannot approve itself"),
    ("identity_assurance: 2", "identity_assurance: 3", '43: "identity_assurance" has to be from 1'),
    ("identity_assurance: 2", "identity_assurance: two", '43: "identity_assurance" has to be a'),
    ("excludes: [pilot]", "excludes: [sailor]", '39: there is no role "sailor" to be excluded'),
    ("excludes: [pilot]", "excludes: [master]", "39: a role cannot exclude itself"),
    ("excludes: [pilot]", "default: maybe", '44: "default" has to be true or false'),
    ("      - assigned", "      - somebody", "46: an approver is a mapping"),
    ("      - assigned", "      - role: pilot", "23: nobody could ever approve"),
    ("    approved_by:\n      - assigned\n", "", "39: nobody could ever approve"),
    ("id: master\n", "id: pilot\n", '39: the role "harbor/pilot" stands at data.yaml:23 already'),
    (
        "  - system: harbor\n    id: pilot",
        "  - system: x\n    id: pilot",
        '23: there is no system "x"',
    ),
    ("categories:", "shelves:", '1: unknown field "shelves"'),
    ("acronym: HBR", "acronym: 'HBR", "the file is not YAML"),
    ("acronym: HBR", "\tacronym: HBR", "6: the file is not YAML"),
]


def _write(folder: Path, text: str) -> Path:
    (folder / "data.yaml").write_text(text, encoding="utf-8")
    return folder


def _complaints(folder: Path) -> list[str]:
    with pytest.raises(BrokenDataError) as refused:
        data_files.read(folder)
    return [str(problem) for problem in refused.value.problems]


def test_a_file_in_order_is_read(tmp_path: Path) -> None:
    delivered = data_files.read(_write(tmp_path, GOOD))

    assert [category.id for category in delivered.categories] == ["shelf"]
    assert [system.id for system in delivered.systems] == ["harbor", "pier"]
    assert [role.key for role in delivered.roles] == [
        "harbor/pilot",
        "harbor/master",
        "pier/end-user",
        "pier/approver",
    ]


@pytest.mark.parametrize(("old", "new", "complaint"), MISTAKES)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    assert GOOD.count(old) >= 1
    complaints = _complaints(_write(tmp_path, GOOD.replace(old, new, 1)))

    wanted = complaint if not complaint[0].isdigit() else f"data.yaml:{complaint}"
    assert any(wanted in one for one in complaints), complaints


def test_every_mistake_is_told_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    broken = GOOD.replace("acronym", "acronim").replace("desk@harbor.example", "desk")

    complaints = _complaints(_write(tmp_path, broken))

    lines = [int(match[1]) for one in complaints if (match := re.search(r":(\d+):", one))]
    assert lines == sorted(lines)
    assert len(lines) == 2


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data.yaml").write_bytes(GOOD.encode().replace(b"Harbor Log", b"Harb\xf6r"))
    assert _complaints(tmp_path) == ["data.yaml:1: the file is not UTF-8"]


def test_a_list_at_the_root_is_refused(tmp_path: Path) -> None:
    assert _complaints(_write(tmp_path, "- one\n")) == ["data.yaml:1: a mapping is expected"]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "no *.yaml file is here" in _complaints(tmp_path)[0]


def test_an_object_of_python_is_not_made(tmp_path: Path) -> None:
    evil = GOOD.replace("name: Harbor Log", "name: !!python/object/apply:os.getcwd []")
    assert _complaints(_write(tmp_path, evil)) == ['data.yaml:7: "name" has to be text']


def test_the_fingerprint_looks_at_the_words_and_not_at_the_lines(tmp_path: Path) -> None:
    before = data_files.read(_write(tmp_path, GOOD)).systems[0]
    moved = data_files.read(_write(tmp_path, "# A remark.\n" + GOOD)).systems[0]
    changed = data_files.read(_write(tmp_path, GOOD.replace("Keeps", "Holds"))).systems[0]

    assert digest(before) == digest(moved)
    assert digest(before) != digest(changed)


def test_the_delivered_files_are_in_order() -> None:
    delivered = data_files.read(DELIVERED)
    assert len(delivered.systems) == 93
