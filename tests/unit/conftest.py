"""Unit tests touch no network: a socket opened by mistake fails the test."""

import pytest


@pytest.fixture(autouse=True)
def _no_network(socket_disabled: None) -> None:
    """Refuse every socket."""
