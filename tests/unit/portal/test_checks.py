"""Production does not start with what is right for the demo alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from portal import checks

SAFE: dict[str, Any] = {
    "IS_PRODUCTION": True,
    "DEBUG": False,
    "ALLOWED_HOSTS": ["portal.example"],
    "SECRET_KEY": "a" * 60,
    "AUDIT_KEY": "b" * 40,
    "ANSWER_PEPPER": "c" * 40,
    "CLOCK_OFFSET": timedelta(0),
    "MAILBOX_ENABLED": False,
    "PORTAL_ORIGIN": "https://portal.example",
    "PROOFING_PROVIDER": "",
    "PROOFING_TRAINING": False,
}

WRONG = [
    ({"DEBUG": True}, "portal.E001", "DEBUG"),
    ({"ALLOWED_HOSTS": ["*"]}, "portal.E002", "ALLOWED_HOSTS"),
    ({"ALLOWED_HOSTS": ["*.example"]}, "portal.E002", "ALLOWED_HOSTS"),
    ({"ALLOWED_HOSTS": []}, "portal.E002", "ALLOWED_HOSTS"),
    ({"SECRET_KEY": "short"}, "portal.E003", "SECRET_KEY"),
    ({"AUDIT_KEY": ""}, "portal.E003", "AUDIT_KEY"),
    ({"ANSWER_PEPPER": "short"}, "portal.E003", "ANSWER_PEPPER"),
    ({"AUDIT_KEY": "a" * 60}, "portal.E004", "differ"),
    ({"CLOCK_OFFSET": timedelta(days=1)}, "portal.E005", "CLOCK_OFFSET"),
    ({"CLOCK_OFFSET": timedelta(days=-1)}, "portal.E005", "CLOCK_OFFSET"),
    ({"MAILBOX_ENABLED": True}, "portal.E006", "EMAIL_URL"),
    ({"PORTAL_ORIGIN": "http://portal.example"}, "portal.E007", "https"),
    ({"PROOFING_PROVIDER": checks.SIMULATED_BUREAU}, "portal.E008", "simulated"),
    ({"PLACE_OF_ADDRESS": "nowhere.Map"}, "portal.E009", "PLACE_OF_ADDRESS"),
    ({"PLACE_OF_ADDRESS": "portal.checks.DEMO_PEOPLE"}, "portal.E009", "names no class"),
    ({"PLACE_OF_ADDRESS": "datetime.timedelta"}, "portal.E009", "place_of"),
]


@pytest.fixture(autouse=True)
def _no_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "demo_people", list)


def test_safe_settings_are_accepted() -> None:
    with override_settings(**SAFE):
        assert checks.check_production(None) == []
        checks.refuse_unsafe_start()


def test_a_training_installation_may_say_that_it_is_one() -> None:
    training = {"PROOFING_PROVIDER": checks.SIMULATED_BUREAU, "PROOFING_TRAINING": True}
    with override_settings(**{**SAFE, **training}):
        assert checks.check_production(None) == []


@pytest.mark.parametrize(("change", "number", "word"), WRONG)
def test_unsafe_settings_are_named_and_refused(
    change: dict[str, Any], number: str, word: str
) -> None:
    with override_settings(**{**SAFE, **change}):
        found = checks.check_production(None)
        assert number in [message.id for message in found]
        with pytest.raises(ImproperlyConfigured, match=word):
            checks.refuse_unsafe_start()


def test_demo_people_keep_production_from_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "demo_people", lambda: ["assister.avery"])

    with override_settings(**SAFE), pytest.raises(ImproperlyConfigured, match=r"assister\.avery"):
        checks.refuse_unsafe_start()


def test_the_demo_starts_with_its_own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "demo_people", lambda: ["assister.avery"])

    with override_settings(IS_PRODUCTION=False, MAILBOX_ENABLED=True):
        checks.refuse_unsafe_start()
