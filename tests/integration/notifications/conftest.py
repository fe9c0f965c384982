"""Mails to write, and a mail server that does what a test tells it to."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

TEMPLATES = {
    "subject.txt": "Hello {{ name }}",
    "body.txt": '{% extends "emails/layout.txt" %}'
    "{% block body %}Dear {{ name }}: {{ link }}{% endblock %}",
    "body.html": '{% extends "emails/layout.html" %}{% block body %}<p>Dear {{ name }}: '
    '<a href="{{ origin }}/x/{{ link }}/">link</a></p>{% endblock %}',
}


@pytest.fixture
def sample_mail(settings: Any, tmp_path: Path) -> Path:
    """Templates of a mail named ``sample``."""
    folder = tmp_path / "templates" / "emails" / "sample"
    folder.mkdir(parents=True)
    for name, content in TEMPLATES.items():
        (folder / name).write_text(content)
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path / "templates"]}]
    return folder


class FakeServer:
    """Takes mails, or raises what ``on_open`` and ``on_send`` raise."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.opened = self.closed = 0
        self.on_open: Callable[[], Any] = lambda: None
        self.on_send: Callable[[EmailMessage], Any] = lambda message: None


class FakeBackend(BaseEmailBackend):
    server: FakeServer

    def open(self) -> bool:
        self.server.on_open()
        self.server.opened += 1
        return True

    def close(self) -> None:
        self.server.closed += 1

    def send_messages(self, email_messages: Any) -> int:
        for message in email_messages:
            message.message()
            self.server.on_send(message)
            self.server.taken.append(message)
        return len(email_messages)


@pytest.fixture
def mail_server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> FakeServer:
    """The mail server of this test."""
    server = FakeServer()
    monkeypatch.setattr(FakeBackend, "server", server, raising=False)
    monkeypatch.setattr("django.core.mail.get_connection", lambda **options: FakeBackend())
    return server
