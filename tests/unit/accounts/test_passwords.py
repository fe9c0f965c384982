"""The password rules, profile by profile."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts import passwords
from accounts.passwords import Context

AVERY = Context("assister.avery", ("Avery", "O'Assister"))


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("Lantern-Quay-2026", []),
        ("Seven lanterns over the quay 9", []),
        ("Ünïcödé 🚲 Quay 9", []),
        ("Fourteen-char1", ["min-length"]),
        ("Fifteen-chars-1", []),
        ("Qz7!" * 3 + "Lantern" + "x" * 109, []),
        ("Qz7!" * 3 + "Lantern" + "x" * 110, ["max-length"]),
        ("lantern-quay-2026", ["upper"]),
        ("LANTERN-QUAY-2026", ["lower"]),
        ("Lantern-Quay-Here", ["digit"]),
        ("Lantern-Quay-٢٠٢٦", ["digit"]),
        ("My-Assister-Quay-9", ["user-id", "names"]),
        ("Quay-AVERY-Lantern-9", ["user-id", "names"]),
        ("Password123456789", ["common"]),
        ("Password-Password-1", ["common"]),
        ("P a s s w o r d 1 2 3 4", ["common"]),
        ("Qwertyuiop1234567890", ["common"]),
        ("Aaaaaaaaaaaaaaaa1", ["common"]),
        ("1Q2w3e4r5t6y7u8i9o0p", ["common"]),
        ("Medicare-2026-2027", ["common"]),
        ("Enterprise-Portal-2026", ["common"]),
        ("Welcome-Portal-2026", ["common"]),
        ("Lantern-Portal-2026", []),
    ],
)
def test_the_rules_of_the_portal(password: str, broken: list[str]) -> None:
    assert [rule.code for rule in passwords.broken_rules(password, AVERY)] == broken


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("seven lanterns over", []),
        ("lanternquaysail", []),
        ("481516234299100", []),
        ("lanternquaysai", ["min-length"]),
        ("123 lanterns 456 quays", []),
        ("only fourteen!", ["min-length"]),
        ("avery seven lanterns", ["user-id", "names"]),
        ("passwordpassword", ["common"]),
    ],
)
def test_the_profile_without_composition(password: str, broken: list[str], settings: Any) -> None:
    settings.PASSWORD_PROFILE = "nist"

    assert [rule.code for rule in passwords.broken_rules(password, AVERY)] == broken


def test_the_list_of_common_passwords_is_long() -> None:
    assert len(passwords.common_passwords()) >= 3000


@pytest.mark.parametrize("password", ["x" * 129, "x\0y", "x\ud800y", "x" * 1_000_000])
def test_what_cannot_be_a_password_is_refused_before_any_rule(
    password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "broken_rules", None)

    with pytest.raises(ValidationError) as error:
        passwords.validate(password, AVERY)

    assert error.value.code == "unusable"


def test_every_broken_rule_is_told_at_once() -> None:
    with pytest.raises(ValidationError) as error:
        passwords.validate("avery", AVERY)

    assert len(error.value.messages) == 5


@given(st.text(max_size=128))
def test_any_text_is_judged(password: str) -> None:
    assert isinstance(passwords.broken_rules(password, AVERY), list)


def test_names_of_two_letters_forbid_nothing() -> None:
    context = Context("somebody", ("Bo", "Li"))

    assert not passwords.broken_rules("Boats-Linger-At-Quay-9", context)


def test_django_uses_the_same_rules() -> None:
    from django.contrib.auth.password_validation import validate_password

    with pytest.raises(ValidationError, match="At least 15 characters"):
        validate_password("short")
