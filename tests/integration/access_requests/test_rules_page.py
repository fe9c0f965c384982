"""The page that says who approves what is never stale."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from access_requests import rules_page
from access_requests.reasons import Reason

LADDER = (
    "1. zONE External Approver of the same organization<br>"
    "2. CMS zONE Approver<br>3. zONE Business Owner"
)


@pytest.fixture
def loaded(db: Any) -> None:
    call_command("load_catalog", verbosity=0)


def test_the_page_in_docs_is_current(loaded: Any) -> None:
    call_command("print_rules", check=True, verbosity=0)


def test_a_stale_page_is_found_and_mended(loaded: Any, tmp_path: Path) -> None:
    output = tmp_path / "rules.md"
    with pytest.raises(CommandError, match="stale"):
        call_command("print_rules", check=True, output=output)
    call_command("print_rules", output=output)
    call_command("print_rules", check=True, output=output)


def test_the_ladder_of_zone_and_every_reason_stand_in_it(loaded: Any) -> None:
    page = rules_page.render()
    for words in (
        LADDER,
        *(f"`{reason.name}`" for reason in Reason),
    ):
        assert words in page
