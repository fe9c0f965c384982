"""How fast the audit chain grows: seals everything the seed left unsealed."""

import json
import time

from bench import servers
from bench.servers import Stage


def measure(stage: Stage) -> dict[str, float]:
    """Return how many rows were sealed, and how many a second."""
    printed = servers.run_python(stage.portal_environment(), "-m", "bench.sealing")
    found: dict[str, float] = json.loads(printed.splitlines()[-1])
    return found


def seal() -> None:
    """Seal and print how it went."""
    import django

    django.setup()

    from audit.services import sealing

    began = time.perf_counter()
    rows = sealing.seal()
    print(json.dumps({"rows": rows, "per_second": rows / (time.perf_counter() - began)}))


if __name__ == "__main__":
    seal()
