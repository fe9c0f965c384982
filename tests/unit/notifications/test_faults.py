"""What an error of the mail server means for the mail."""

import smtplib
import ssl
from typing import Any

import pytest
from django.core.mail import BadHeaderError

from notifications.services.delivery import Fault, fault_of

PERMANENT, TEMPORARY, BROKEN = Fault.PERMANENT, Fault.TEMPORARY, Fault.BROKEN


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.c": (550, b"no such user")}), PERMANENT),
        (smtplib.SMTPRecipientsRefused({"a@b.c": (451, b"later")}), TEMPORARY),
        (smtplib.SMTPRecipientsRefused({"a@b.c": (421, b"closing")}), BROKEN),
        (smtplib.SMTPRecipientsRefused({}), TEMPORARY),
        (smtplib.SMTPDataError(554, b"rejected"), PERMANENT),
        (smtplib.SMTPDataError(452, b"full"), TEMPORARY),
        (smtplib.SMTPDataError(421, b"closing"), BROKEN),
        (smtplib.SMTPSenderRefused(530, b"sign in first", "x@y.z"), TEMPORARY),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), TEMPORARY),
        (smtplib.SMTPHeloError(550, b"no such name"), TEMPORARY),
        (smtplib.SMTPServerDisconnected("gone"), BROKEN),
        (smtplib.SMTPConnectError(554, b"no"), BROKEN),
        (smtplib.SMTPNotSupportedError("SMTPUTF8"), TEMPORARY),
        (TimeoutError(), BROKEN),
        (ConnectionResetError(), BROKEN),
        (ssl.SSLError(), BROKEN),
        (BadHeaderError(), PERMANENT),
        (UnicodeEncodeError("ascii", "ä", 0, 1, "x"), PERMANENT),
        (RuntimeError(), TEMPORARY),
    ],
)
def test_fault_of(error: Any, fault: Any) -> None:
    assert fault_of(error) is fault
