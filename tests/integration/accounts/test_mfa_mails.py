"""Every mail about a device says which one, when, and what to do if it was not you."""

from collections.abc import Callable

import pytest

from accounts import emails_mfa
from accounts.models import Disavowal, MFADevice
from notifications.models import OutboxMessage
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def device() -> MFADevice:
    return MFADevice(user=cast.assister(), kind=MFADevice.Kind.TEXT, name="<b>Red</b> phone")


def _mail(tell: Callable[[], None]) -> OutboxMessage:
    tell()
    return OutboxMessage.objects.get()


@pytest.mark.parametrize(
    ("tell", "words"),
    [
        (emails_mfa.device_added, "was added to your account assister.avery"),
        (lambda device: emails_mfa.device_renamed(device, before="Old one"), '"Old one"'),
        (emails_mfa.default_changed, "became the default MFA device"),
        (
            lambda device: emails_mfa.device_removed(device, by_owner=True),
            "was removed from your account assister.avery",
        ),
    ],
)
def test_the_owner_is_told(
    device: MFADevice, tell: Callable[[MFADevice], None], words: str
) -> None:
    mail = _mail(lambda: tell(device))

    assert mail.to == device.user.email
    assert words in mail.body_text
    assert '"<b>Red</b> phone"' in mail.body_text
    assert "(Text message (SMS))" in mail.body_text
    assert "&lt;b&gt;Red&lt;/b&gt; phone" in mail.body_html
    assert "Was this not you?" in mail.body_text
    assert "Was this not you?" in mail.body_html
    assert Disavowal.objects.get().user == device.user


def test_a_removal_says_who_did_it_and_that_nothing_is_left(device: MFADevice) -> None:
    mail = _mail(
        lambda: emails_mfa.device_removed(device, by_owner=False, reason="Phone lost", is_last=True)
    )

    assert "A help desk did this. The reason given: Phone lost" in mail.body_text
    assert "Your account has no MFA device now" in mail.body_text
    assert "Your account has no MFA device now" in mail.body_html
