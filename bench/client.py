"""A small HTTP client: one request, one connection, one answer, timed; loopback only."""

import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

CSRF = "b" * 32


class BenchError(Exception):
    """The bench cannot go on; the message says why."""


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took from connect to the last byte."""

    status: int
    headers: dict[str, str]
    body: bytes
    ms: float


@dataclass(frozen=True)
class Request:
    """A request of a signed-in person; `form` makes it a POST with a CSRF token."""

    path: str
    cookies: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] | None = None
    expect: tuple[int, ...] = (200,)
    contains: str = ""
    leads_to: str = ""

    def wire(self, port: int, *, count: bool = False) -> bytes:
        """Return the bytes to send."""
        cookies = dict(self.cookies)
        body = b""
        lines = [f"Host: 127.0.0.1:{port}", "Connection: close", "Accept: text/html"]
        if self.form is not None:
            cookies["csrf"] = cookies["csrftoken"] = CSRF
            body = urlencode({"csrfmiddlewaretoken": CSRF, **self.form}).encode()
            lines += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
            ]
        if cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={text}" for name, text in cookies.items()))
        if count:
            lines.append("X-Bench-Count: 1")
        method = "GET" if self.form is None else "POST"
        head = "\r\n".join([f"{method} {self.path} HTTP/1.1", *lines])
        return f"{head}\r\n\r\n".encode() + body


def ask(request: Request, port: int, *, count: bool = False) -> Answer:
    """Send a request to a server on this machine and check the answer.

    Raises BenchError when the status or the text is not the expected one.
    """
    wire = request.wire(port, count=count)
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(wire)
        chunks = []
        while chunk := connection.recv(65536):
            chunks.append(chunk)
    ms = (time.perf_counter() - began) * 1000
    head, _, body = b"".join(chunks).partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    status = int(first.split()[1]) if first.startswith("HTTP/") else 0
    headers: dict[str, str] = {}
    for line in lines:
        name, _, text = line.partition(": ")
        known = headers.get(name.lower())
        headers[name.lower()] = text if known is None else f"{known}\n{text}"
    is_expected = (
        status in request.expect
        and request.contains.encode() in body
        and headers.get("location", "").endswith(request.leads_to)
    )
    if not is_expected:
        raise BenchError(
            f"{request.path} answered {status} {headers.get('location', '')}, expected "
            f"{request.expect} with {request.contains!r}:\n{body[:1500].decode(errors='replace')}"
        )
    return Answer(status, headers, body, ms)
