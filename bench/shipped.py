"""Hides packages for development that structlog would load; production has none of them."""

import sys

for name in ("rich", "greenlet"):
    sys.modules.setdefault(name, None)  # type: ignore[arg-type] # as the import system has it
