"""The ASVS table of docs/security.md is whole, and what it names is there."""

import re
from pathlib import Path

import pytest
from django import forms

from accounts.forms.credentials import CredentialsForm
from accounts.forms.passwords import ChangePasswordForm
from accounts.forms.sign_in import PasswordForm, StepUpForm
from accounts.models import User

ROOT = Path(__file__).resolve().parents[3]
_ROW = re.compile(
    r"^\| (?P<item>[67]\.\d+\.\d+) \| (?P<asks>[^|]+) \| (?P<here>[^|]+) \|$", re.MULTILINE
)
# Items of level 1 and 2 in each section of version 5.0.0.
ITEMS = {
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
}


def rows() -> list[tuple[str, str]]:
    """Item and what is said about it, as written."""
    text = (ROOT / "docs/security.md").read_text()
    return [(found["item"], found["here"]) for found in _ROW.finditer(text)]


def test_every_item_of_level_1_and_2_stands_in_the_table_once() -> None:
    wanted = [
        f"{section}.{number}" for section, last in ITEMS.items() for number in range(1, last + 1)
    ]

    assert [item for item, _here in rows()] == wanted


def test_every_row_names_a_test_a_place_or_a_reason() -> None:
    speaking = re.compile(r"test_\w+\.py|this page: |not applicable: |[Dd]eviation:")

    assert [item for item, here in rows() if not speaking.search(here)] == []


def test_the_tests_that_are_named_are_there() -> None:
    there = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    named = {name for _item, here in rows() for name in re.findall(r"test_\w+\.py", here)}

    assert named - there == set()
    for _item, here in rows():
        for path in re.findall(r"`(tests/[\w/]+\.py)`", here):
            assert (ROOT / path).exists(), path


def _password_fields() -> list[tuple[str, forms.Field]]:
    made: list[forms.Form] = [
        CredentialsForm(),
        ChangePasswordForm(user=User()),
        PasswordForm(choices=[]),
        StepUpForm(choices=[]),
    ]
    return [
        (f"{type(form).__name__}.{name}", field)
        for form in made
        for name, field in form.fields.items()
        if "password" in name
    ]


@pytest.mark.parametrize(("name", "field"), _password_fields())
def test_password_fields_hide_the_text_and_let_managers_fill_it(
    name: str, field: forms.Field
) -> None:
    html = field.widget.render(name, "Secret-Text", attrs={})

    assert 'type="password"' in html
    assert re.search(r'autocomplete="(current|new)-password"', html)
    assert "onpaste" not in html
    assert "Secret-Text" not in html


def test_no_script_forbids_pasting() -> None:
    for script in (ROOT / "static/js").glob("*.js"):
        assert "paste" not in script.read_text(), script.name
