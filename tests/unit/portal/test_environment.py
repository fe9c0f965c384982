"""The process environment is read once, and what production lacks is named at start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from accounts.passwords import PROFILES
from portal import environment

ROOT = Path(__file__).resolve().parents[3]

PRODUCTION = {
    "PORTAL_MODE": "production",
    "PORTAL_ORIGIN": "https://portal.example",
    "ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "postgres://portal:none@127.0.0.1:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "EMAIL_FROM": "donotreply@portal.example",
    "SECRET_KEY": "checked-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH",
    "AUDIT_KEY": "checked-only-audit-0123456789-0123456789",
    "ANSWER_PEPPER": "checked-only-answers-0123456789-0123456789",
}


def load_settings(
    data: Path, *, show: str = "PORTAL_ORIGIN", **names: str
) -> subprocess.CompletedProcess[str]:
    """Load the portal's settings in a fresh process that knows only these names; show one."""
    code = f"from portal import settings; print(getattr(settings, {show!r}, 'unset'))"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PORTAL_DATA": str(data), **names},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_with_everything_starts(tmp_path: Path) -> None:
    done = load_settings(tmp_path, **PRODUCTION)

    assert done.stdout.strip() == "https://portal.example", done.stderr


# Without hosts the settings load, and the start-up check refuses (test_checks.py).
@pytest.mark.parametrize("missing", sorted(set(PRODUCTION) - {"PORTAL_MODE", "ALLOWED_HOSTS"}))
def test_production_names_what_it_lacks(tmp_path: Path, missing: str) -> None:
    names = {name: value for name, value in PRODUCTION.items() if name != missing}

    done = load_settings(tmp_path, **names)

    assert done.returncode != 0
    assert f"{missing} is not set" in done.stderr


def test_production_never_makes_a_secret_of_its_own(tmp_path: Path) -> None:
    names = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}

    load_settings(tmp_path, **names)

    assert not (tmp_path / "secrets").exists()


def test_an_unknown_mode_is_refused(tmp_path: Path) -> None:
    done = load_settings(tmp_path, PORTAL_MODE="staging")

    assert "PORTAL_MODE is 'staging'" in done.stderr


def test_the_demo_makes_secrets_that_last(tmp_path: Path) -> None:
    addresses = {name: PRODUCTION[name] for name in ("DATABASE_URL", "REDIS_URL")}
    load_settings(tmp_path, **addresses)
    first = (tmp_path / "secrets" / "secret_key").read_text()

    load_settings(tmp_path, **addresses)

    assert (tmp_path / "secrets" / "secret_key").read_text() == first
    assert len(first) > 50
    assert (tmp_path / "secrets" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_another_database_than_postgresql_is_refused(tmp_path: Path) -> None:
    done = load_settings(tmp_path, **{**PRODUCTION, "DATABASE_URL": "sqlite:///x"})

    assert "DATABASE_URL has to begin with postgres://" in done.stderr


DEFAULTS = {
    "PASSWORD_PROFILE": "cms",
    "CHALLENGE_QUESTIONS_ENABLED": "True",
    "OMB_CONTROL_NUMBER": "0938-1236",
    "OMB_EXPIRATION_DATE": "03/31/2021",
}


@pytest.mark.parametrize("name", DEFAULTS)
def test_what_an_agency_chooses_has_a_default(tmp_path: Path, name: str) -> None:
    for given in ({}, {name: ""}):
        done = load_settings(tmp_path, show=name, **{**PRODUCTION, **given})

        assert done.stdout.strip() == DEFAULTS[name], done.stderr


@pytest.mark.parametrize(
    ("name", "given", "shown"),
    [
        ("PASSWORD_PROFILE", "nist", "nist"),
        ("CHALLENGE_QUESTIONS_ENABLED", "off", "False"),
        ("CHALLENGE_QUESTIONS_ENABLED", "False", "False"),
        ("CHALLENGE_QUESTIONS_ENABLED", "Yes", "True"),
        ("OMB_CONTROL_NUMBER", "1234-5678", "1234-5678"),
        ("OMB_EXPIRATION_DATE", "02/29/2028", "02/29/2028"),
    ],
)
def test_an_agency_chooses(tmp_path: Path, name: str, given: str, shown: str) -> None:
    done = load_settings(tmp_path, show=name, **{**PRODUCTION, name: given})

    assert done.stdout.strip() == shown, done.stderr


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("PASSWORD_PROFILE", "weak"),
        ("CHALLENGE_QUESTIONS_ENABLED", "of"),
        ("PREPARE_STATEMENTS", "maybe"),
        ("OMB_CONTROL_NUMBER", "0938-12361"),
        ("OMB_CONTROL_NUMBER", "<b>0938</b>"),
        ("OMB_EXPIRATION_DATE", "2021-03-31"),
        ("OMB_EXPIRATION_DATE", "02/29/2027"),
        ("OMB_EXPIRATION_DATE", "3/31/2021"),
    ],
)
def test_a_wrong_choice_is_refused_by_name(tmp_path: Path, name: str, given: str) -> None:
    done = load_settings(tmp_path, **{**PRODUCTION, name: given})

    assert done.returncode != 0
    assert f"{name} is {given!r}; it has to be" in done.stderr


def test_the_password_profiles_are_those_that_have_rules() -> None:
    assert set(environment.PASSWORD_PROFILES) == set(PROFILES)


@pytest.mark.parametrize(
    ("given", "blocked"),
    [("", "unset"), ("example.net,desk@example.org", "['example.net', 'desk@example.org']")],
)
def test_addresses_that_get_no_mail_can_be_named(tmp_path: Path, given: str, blocked: str) -> None:
    names = {**PRODUCTION, "NOTIFICATIONS_BLOCKED_ADDRESSES": given}

    done = load_settings(tmp_path, show="NOTIFICATIONS_BLOCKED_ADDRESSES", **names)

    assert done.stdout.strip() == blocked, done.stderr


def test_a_number_that_is_none_is_refused_and_an_empty_one_is_the_default(tmp_path: Path) -> None:
    wrong = load_settings(tmp_path, TRUSTED_PROXY_COUNT="two")
    empty = load_settings(tmp_path, show="SECURE_HSTS_SECONDS", **PRODUCTION, HSTS_SECONDS="")

    assert "TRUSTED_PROXY_COUNT is 'two'; it has to be a whole number" in wrong.stderr
    assert empty.stdout.strip() == "31536000", empty.stderr
