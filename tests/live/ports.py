"""Free ports that stay free: outside the range from which the kernel gives ports to clients."""

import random
import socket

FIRST, LAST = 20_000, 32_000


def free_port() -> int:
    """Return a port of loopback that nobody listens at, and that no client gets by chance."""
    for port in random.sample(range(FIRST, LAST), 100):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no free port was found")
