"""A bureau on the other end of a line, and the adapter that a portal asks it through.

One line of JSON each way. The adapter has no care of its own for time or form, on purpose: the
portal has to have it.
"""

import json
import os
import socket
import socketserver
import threading
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from types import TracebackType
from typing import Any, ClassVar, Self

from accounts.proofing.provider import Applicant

PORT = "DRILL_BUREAU_PORT"
RIGHT, QUESTIONS, CHOICES = 0, 5, 4


class LineBureau:
    """The adapter; PROOFING_PROVIDER names it, DRILL_BUREAU_PORT says where the bureau listens."""

    name: ClassVar[str] = "line"
    is_simulated: ClassVar[bool] = True

    def start(self, applicant: Applicant) -> Any:
        """Ask about a person."""
        return _ask("start", applicant=asdict(applicant))

    def questions(self, reference: str, set_number: int) -> Any:
        """Have a set of questions."""
        return _ask("questions", reference=reference, set_number=set_number)

    def answer(self, reference: str, set_number: int, choices: Sequence[int]) -> Any:
        """Have answers judged."""
        return _ask("answer", reference=reference, set_number=set_number, choices=list(choices))


def _ask(method: str, **given: Any) -> Any:
    message = json.dumps({"method": method, **given}, default=date.isoformat)
    with socket.create_connection(("127.0.0.1", int(os.environ[PORT]))) as line:
        line.sendall(message.encode() + b"\n")
        with line.makefile("rb") as replies:
            return json.loads(replies.readline())


class Bureau:
    """Passes whoever chooses the first of each choice; use as a context manager.

    `garbage` is sent in place of the reply to a method. `asked` counts what came in by method,
    `passed` holds the references that were told so.
    """

    def __init__(self) -> None:
        self.garbage: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.passed: set[str] = set()
        bureau = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                line = self.rfile.readline()
                if line:
                    self.wfile.write(bureau.reply(json.loads(line)) + b"\n")

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def reply(self, message: dict[str, Any]) -> bytes:
        """Answer one message, or send the garbage that is ordered for its method."""
        method = message["method"]
        self.asked.append(method)
        if method in self.garbage:
            return self.garbage[method].replace(b"REFERENCE", message.get("reference", "").encode())
        if method == "start":
            return _line(result="questions", reference=f"inquiry-{len(self.asked)}")
        if method == "questions":
            return _line(reference=message["reference"], questions=_questions())
        passes = message["choices"] == [RIGHT] * QUESTIONS
        if passes:
            self.passed.add(message["reference"])
        return _line(reference=message["reference"], result="passed" if passes else "failed")


def _questions() -> list[dict[str, Any]]:
    choices = [f"Choice {number}" for number in range(1, CHOICES + 1)]
    return [
        {"text": f"Which is right of number {number}?", "choices": choices}
        for number in range(1, QUESTIONS + 1)
    ]


def _line(**values: Any) -> bytes:
    return json.dumps(values).encode()
