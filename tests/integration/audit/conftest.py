"""Each test of the log has an anchor file of its own."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def anchor_path(settings: Any, tmp_path: Path) -> Path:
    path = tmp_path / "data" / "anchor.json"
    settings.AUDIT_ANCHOR_PATH = path
    return path
