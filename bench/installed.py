"""What is installed here and is not where the portal is served: the tools of its developers.

Libraries load some of them when they find them (the log's takes a whole terminal toolkit), so that
a developer's machine would measure memory that no served portal uses.
"""

import re
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVED = ROOT / "bench/served"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", re.MULTILINE)


def hidden() -> str:
    """Return the modules that `requirements.lock` does not bring, for BENCH_HIDDEN."""
    served, developed = (
        {_plain(name) for name in _PINNED.findall((ROOT / lock).read_text())}
        for lock in ("requirements.lock", "requirements-dev.lock")
    )
    tools = developed - served
    return " ".join(
        sorted(
            module
            for module, owners in packages_distributions().items()
            if {_plain(owner) for owner in owners} <= tools
        )
    )


def _plain(name: str) -> str:
    """Return the name of a package as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
