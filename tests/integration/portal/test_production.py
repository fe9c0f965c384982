"""What the pages of a production installation answer with, in a process of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[3]
# Static files are not collected for it: their names are not asked about.
ASK = """
import json, sys
import django
from django.conf import settings
settings.STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
django.setup()
from django.test import Client
answers = []
for question in json.loads(sys.argv[1]):
    answer = Client(raise_request_exception=False).get(question.pop("path"), **question)
    cookies = {name: morsel.OutputString() for name, morsel in answer.cookies.items()}
    headers = dict(answer.headers)
    answers.append({"status": answer.status_code, "headers": headers, "cookies": cookies})
print(json.dumps(answers))
"""
TLS = {"HTTP_HOST": "portal.example", "HTTP_X_FORWARDED_PROTO": "https"}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> list[Any]:
    """The answers to a few questions, asked once of production settings."""
    questions: list[dict[str, str]] = [
        {"path": "/terms/", **TLS},
        {"path": "/", **TLS},
        {"path": "/", "HTTP_HOST": "portal.example"},
        {"path": "/", **TLS, "HTTP_HOST": "evil.example"},
        {"path": "/", **TLS, "HTTP_HOST": "portal.example:80@evil.example"},
        {"path": "/login/?next=//evil.example", **TLS, "HTTP_X_FORWARDED_HOST": "evil.example"},
        {"path": "/no-such-page/", **TLS},
        {"path": "/logout/", **TLS},
        {"path": "/catalog/?q=%00", **TLS},
    ]
    database = connection.settings_dict
    names = {
        "PORTAL_MODE": "production",
        "PORTAL_DATA": str(tmp_path_factory.mktemp("production")),
        "PORTAL_ORIGIN": "https://portal.example",
        "ALLOWED_HOSTS": "portal.example",
        "TRUSTED_PROXY_COUNT": "1",
        "DATABASE_URL": "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database),
        "REDIS_URL": settings.REDIS_URL,
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "EMAIL_FROM": "donotreply@portal.example",
        **{
            name: f"of-this-test-only-{name}-0123456789-abcdefghijklmnop-ABCDEFGHIJ"
            for name in ("SECRET_KEY", "AUDIT_KEY", "ANSWER_PEPPER")
        },
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(questions)],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            **names,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_cookies_belong_to_this_host_and_travel_encrypted(answers: list[Any]) -> None:
    cookies = answers[0]["cookies"]

    assert "__Host-csrf" in cookies
    for name, cookie in cookies.items():
        assert name.startswith("__Host-")
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("number", "status"), [(0, 200), (1, 200), (3, 400), (5, 302), (6, 404), (7, 405), (8, 400)]
)
def test_every_answer_says_how_it_may_be_used(answers: list[Any], number: int, status: int) -> None:
    headers = answers[number]["headers"]

    assert answers[number]["status"] == status
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "'unsafe-" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_plain_requests_are_led_to_the_encrypted_address(answers: list[Any]) -> None:
    assert answers[2]["status"] == 301
    assert answers[2]["headers"]["Location"] == "https://portal.example/"


@pytest.mark.parametrize("number", [3, 4])
def test_a_forged_host_is_refused(answers: list[Any], number: int) -> None:
    assert answers[number]["status"] == 400


def test_a_forged_forwarded_host_changes_nothing(answers: list[Any]) -> None:
    assert "evil.example" not in json.dumps(answers[5]["headers"]).replace("%2F%2Fevil.example", "")
