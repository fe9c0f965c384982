"""Each test of the log has an anchor file of its own."""

import pytest


@pytest.fixture(autouse=True)
def anchor_path(settings, tmp_path):
    settings.AUDIT_ANCHOR_PATH = tmp_path / "data" / "anchor.json"
    return settings.AUDIT_ANCHOR_PATH
