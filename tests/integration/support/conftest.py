"""What the tests of the help desk console share."""

import pytest

from tests.integration.support.helpdesk import Desks, make_desks


@pytest.fixture
def desks(db: None) -> Desks:
    """The agents and their people."""
    return make_desks()
