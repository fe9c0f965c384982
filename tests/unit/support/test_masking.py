"""What lists show of people whose account was not opened."""

import pytest

from support import masking


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Request 123456789 waits for your decision", "Request ••• waits for your decision"),
        ("Request 1234567890 waits", "Request ••• waits"),
        ("Documents are needed: 4K7M-9RXA-HWE3", "Documents are needed: •••"),
        ("About AB12-CD34.", "About •••."),
        ("Denied: zONE End User", "Denied: zONE End User"),
        ("12 requests were passed to you, not 12345678", None),
    ],
)
def test_numbers_of_requests_and_cases_are_hidden(text: str, shown: str | None) -> None:
    assert masking.numbers(text) == (text if shown is None else shown)


def test_a_user_id_shows_its_first_letters() -> None:
    assert masking.user_id("assister.avery") == "as•••"
