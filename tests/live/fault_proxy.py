"""A TCP proxy on loopback that can refuse, delay, swallow, cut, or lose the last answer."""

import contextlib
import enum
import socket
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self


class Fault(enum.Enum):
    """What the proxy does to connections."""

    NONE = "none"
    REFUSE = "refuse"  # nobody listens
    DELAY = "delay"  # each piece of the answer comes late
    BLACKHOLE = "blackhole"  # connects, answers nothing
    RESET = "reset"  # hangs up at once, rudely
    DROP_REPLY = "dropreply"  # passes the mail on and hangs up instead of its acknowledgement


class FaultProxy:
    """Stands in front of a mail server at `port`; `fault` may be changed at any time.

    `delay` is in seconds for each piece of an answer. Use as a context manager.
    """

    def __init__(self, target: int, *, delay: float = 0.5) -> None:
        self.target = target
        self.delay = delay
        self.dropped = 0
        self._fault = Fault.NONE
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._threads: list[threading.Thread] = []

    @property
    def fault(self) -> Fault:
        """What it does to connections now."""
        return self._fault

    @fault.setter
    def fault(self, fault: Fault) -> None:
        if fault is Fault.REFUSE and self._fault is not Fault.REFUSE:
            # A thread blocked in accept() keeps the port open until the socket is shut down.
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        elif self._fault is Fault.REFUSE and fault is not Fault.REFUSE:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self._run(self._accept)
        self._fault = fault

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in list(self._threads):
            thread.join(5)

    def _run(self, work: Callable[..., None], *given: object) -> None:
        thread = threading.Thread(target=work, args=given, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        listener = self._listener
        while not self._over.is_set():
            try:
                client, _ = listener.accept()
            except OSError:  # closed: refusing, or the end
                return
            if self.fault is Fault.RESET:
                _hang_up(client)
            else:
                self._run(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client:
            if self.fault is Fault.BLACKHOLE:
                while self.fault is Fault.BLACKHOLE and not self._over.wait(0.05):
                    pass
                return
            with socket.create_connection(("127.0.0.1", self.target), timeout=30) as server:
                sent_all = threading.Event()
                back = threading.Thread(
                    target=self._answers, args=(server, client, sent_all), daemon=True
                )
                back.start()
                self._questions(client, server, sent_all)
                back.join(30)

    def _questions(
        self, client: socket.socket, server: socket.socket, sent_all: threading.Event
    ) -> None:
        tail = b""
        while piece := client.recv(65536):
            tail = (tail + piece)[-5:]
            if tail == b"\r\n.\r\n":  # the end of a mail: its acknowledgement comes next
                sent_all.set()
            server.sendall(piece)
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_WR)

    def _answers(
        self, server: socket.socket, client: socket.socket, sent_all: threading.Event
    ) -> None:
        with contextlib.suppress(OSError):
            while piece := server.recv(65536):
                if self.fault is Fault.DROP_REPLY and sent_all.is_set():
                    self.dropped += 1
                    _hang_up(client)
                    return
                sent_all.clear()
                if self.fault is Fault.DELAY:
                    self._over.wait(self.delay)
                client.sendall(piece)
            client.shutdown(socket.SHUT_WR)


def _hang_up(client: socket.socket) -> None:
    """Close so that the other side sees a reset."""
    with contextlib.suppress(OSError):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.shutdown(socket.SHUT_RDWR)
    client.close()
