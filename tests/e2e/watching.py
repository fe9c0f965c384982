"""Listens to what a browser complains about: scripts, blocked content, failed loads."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, WebError

from tests.e2e.people import Person

# What the fixtures of conftest.py are, for the tests that ask for them.
Visitor = Callable[..., Page]
Newcomer = Callable[[], Person]
Demo = Callable[[str], Person]


class ConsoleWatch:
    """Collects complaints; each is one line for a person."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.expected: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of a context."""
        context.on("console", self._said)
        context.on("weberror", self._failed)

    def expect(self, *parts: str) -> None:
        """Allow complaints that hold one of these words (a page that has to answer 404)."""
        self.expected += parts

    def unexpected(self) -> list[str]:
        """Return the complaints nobody announced."""
        return [
            problem
            for problem in self.problems
            if not any(part in problem for part in self.expected)
        ]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            place = message.location.get("url", "") if message.location else ""
            self.problems.append(f"{message.type}: {message.text} ({place})")

    def _failed(self, error: WebError) -> None:
        self.problems.append(f"script: {error.error}")
