"""How strong a sign-in is, how sure an identity, and who needs a strong factor."""

from types import SimpleNamespace
from typing import Any

import pytest

from accounts import assurance
from accounts.assurance import AAL, IAL, Strength


@pytest.mark.parametrize(
    ("kind", "strength"),
    [
        ("app_phone", Strength.STRONG),
        ("app_computer", Strength.STRONG),
        ("passkey", Strength.STRONG),
        ("text", Strength.WEAK),
        ("voice", Strength.WEAK),
        ("email", Strength.WEAK),
        ("recovery", Strength.WEAK),
        ("one_time", Strength.WEAK),
        ("", Strength.WEAK),
    ],
)
def test_the_strength_of_kinds(kind: str, strength: Strength) -> None:
    assert Strength.of_kind(kind) is strength


@pytest.mark.parametrize(
    ("strength", "aal"),
    [
        (Strength.NONE, AAL.PASSWORD),
        (Strength.WEAK, AAL.TWO_FACTORS),
        (Strength.STRONG, AAL.TWO_FACTORS),
    ],
)
def test_the_level_of_a_session(strength: Strength, aal: AAL) -> None:
    assert strength.aal is aal


@pytest.mark.parametrize(
    ("user", "strength"),
    [
        # The session counts, whatever devices the person has.
        (SimpleNamespace(session_strength=Strength.NONE, has_strong_factor=True), Strength.NONE),
        (SimpleNamespace(session_strength=Strength.WEAK, has_strong_factor=True), Strength.WEAK),
        (
            SimpleNamespace(session_strength=Strength.STRONG, has_strong_factor=False),
            Strength.STRONG,
        ),
        # Outside of a session the best factor counts.
        (SimpleNamespace(has_strong_factor=True), Strength.STRONG),
        (SimpleNamespace(session_strength=None, has_strong_factor=True), Strength.STRONG),
        (SimpleNamespace(has_strong_factor=False), Strength.NONE),
        (SimpleNamespace(), Strength.NONE),
    ],
)
def test_how_strongly_somebody_signed_in(user: Any, strength: Strength) -> None:
    assert assurance.strength_of(user) is strength
    assert assurance.is_strong(user) is (strength is Strength.STRONG)


@pytest.fixture
def needs(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """No room has said who needs a strong factor."""
    empty: list[Any] = []
    monkeypatch.setattr(assurance, "_needs", empty)
    return empty


def test_staff_need_a_strong_factor(needs: list[Any]) -> None:
    assert assurance.needs_strong_factor(SimpleNamespace(is_staff=True)) is True
    assert assurance.needs_strong_factor(SimpleNamespace(is_staff=False)) is False


def test_rooms_say_who_needs_a_strong_factor(needs: list[Any]) -> None:
    helper, other = SimpleNamespace(is_staff=False), SimpleNamespace(is_staff=False)
    asked: list[Any] = []

    def helps(user: Any) -> bool:
        asked.append(user)
        return user is helper

    assurance.register_need(lambda user: False)
    assurance.register_need(helps)

    assert assurance.needs_strong_factor(helper) is True
    assert assurance.needs_strong_factor(other) is False
    assert asked == [helper, other]


@pytest.mark.parametrize("is_staff", [True, False])
@pytest.mark.parametrize("has_strong", [True, False])
def test_only_a_strong_factor_proves_who_needs_and_has_one(
    needs: list[Any], is_staff: bool, has_strong: bool
) -> None:
    person = SimpleNamespace(is_staff=is_staff, has_strong_factor=has_strong)
    assert assurance.must_be_strong(person) is (is_staff and has_strong)


def test_a_need_is_registered_once(needs: list[Any]) -> None:
    def never(user: Any) -> bool:
        return False

    assurance.register_need(never)
    assurance.register_need(never)

    assert needs == [never]


@pytest.mark.parametrize("is_staff", [False, True])
@pytest.mark.parametrize("holds", [False, True])
def test_a_strong_need_is_a_need_of_a_device_too(
    monkeypatch: pytest.MonkeyPatch, needs: list[Any], is_staff: bool, holds: bool
) -> None:
    of_devices: list[Any] = []
    monkeypatch.setattr(assurance, "_device_needs", of_devices)
    person = SimpleNamespace(is_staff=is_staff)

    def holds_one(user: Any) -> bool:
        return holds and user is person

    assert assurance.needs_device(person) is is_staff
    assurance.register_device_need(holds_one)
    assurance.register_device_need(holds_one)

    assert of_devices == [holds_one]
    assert assurance.needs_device(person) is (is_staff or holds)
    assert assurance.needs_strong_factor(person) is is_staff


@pytest.mark.parametrize(
    ("ial", "aal", "label"),
    [
        (1, AAL.PASSWORD, "Level of Assurance 1"),
        (1, AAL.TWO_FACTORS, "Level of Assurance 1"),
        (2, AAL.PASSWORD, "Level of Assurance 2"),
        (2, AAL.TWO_FACTORS, "Level of Assurance 3"),
        (3, 3, "Level of Assurance 3"),
    ],
)
def test_the_level_as_people_read_it(ial: int, aal: int, label: str) -> None:
    assert assurance.loa_label(ial, aal) == label


def test_the_level_without_a_session_is_that_of_a_password() -> None:
    assert assurance.loa_label(2) == "Level of Assurance 2"


def test_who_is_not_known_is_self_asserted() -> None:
    assert assurance.ial_of(SimpleNamespace()) is IAL.SELF_ASSERTED
    assert assurance.ial_of(SimpleNamespace(ial=2)) is IAL.PROOFED


def test_the_level_of_a_request() -> None:
    assert assurance.aal_of({}) is AAL.PASSWORD
    assert assurance.aal_of({"aal": 2}) is AAL.TWO_FACTORS
    assert assurance.aal_of({"aal": 1}) is AAL.PASSWORD
