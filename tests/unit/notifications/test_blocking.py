"""The portal never writes to the real organizations whose addresses its catalog holds."""

from typing import Any

import pytest

from notifications.blocking import is_blocked


@pytest.mark.parametrize(
    "address",
    [
        "CMS_FEPS@cms.hhs.gov",
        "someone@hhs.gov",
        "someone@GOV",
        "a@navy.mil",
        "EUSSupport@cgi.com",
        "eussupport@CGI.COM",
        "x@mail.cgi.com",
        "x@cgi.com.",
        " x@cgi.com ",
        '"odd@local"@cgi.com',
    ],
)
def test_real_organizations_are_barred(address: str) -> None:
    assert is_blocked(address)


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org",
        "gov@example.org",
        "a@notgov",
        "a@mycgi.com",
        "a@cgi.com.example",
        "a@gov.uk",
    ],
)
def test_others_are_not(address: str) -> None:
    assert not is_blocked(address)


def test_list_may_name_addresses_and_domains(settings: Any) -> None:
    settings.NOTIFICATIONS_BLOCKED_ADDRESSES = ["Desk@Example.org", "*.example.net"]
    assert is_blocked("desk@example.org")
    assert not is_blocked("other@example.org")
    assert is_blocked("any@sub.example.net")
    assert not is_blocked("any@hhs.gov")


def test_rule_may_be_a_function(settings: Any) -> None:
    settings.NOTIFICATIONS_BLOCKED_ADDRESSES = lambda address: address.startswith("no")
    assert is_blocked("no@example.org")
    assert not is_blocked("yes@example.org")


def test_rule_may_be_the_path_of_a_function(settings: Any) -> None:
    settings.NOTIFICATIONS_BLOCKED_ADDRESSES = "os.path.isabs"
    assert is_blocked("/x@example.org")
    assert not is_blocked("x@example.org")
