"""Hides modules from a Python of the bench; stands on its path and is read at its start."""

import os
import sys

sys.modules.update(dict.fromkeys(os.environ.get("BENCH_HIDDEN", "").split()))  # type: ignore[arg-type]
