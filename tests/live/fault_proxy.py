"""A TCP proxy on loopback that can refuse, delay, swallow, cut, or lose the last answer."""

import contextlib
import enum
import socket
import struct
import threading
from types import TracebackType


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
        self.fault = Fault.NONE
        self.dropped = 0
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "FaultProxy":
        self._listener.settimeout(0.2)
        self._run(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._listener.close()
        for thread in list(self._threads):
            thread.join(5)

    def _run(self, work: object, *given: object) -> None:
        thread = threading.Thread(target=work, args=given, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            if self.fault in {Fault.REFUSE, Fault.RESET}:
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
