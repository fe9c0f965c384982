"""What the pages say about each kind of second factor."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models.devices import MFADevice

Kind = MFADevice.Kind


@dataclass(frozen=True)
class KindWords:
    """The words of one kind: in the list of choices, and on the page that sets it up."""

    label: Any
    text: Any
    usual_name: Any
    heading: Any
    explanation: tuple[Any, ...] = ()


STRONG_NOTE = _("Strong: good for every role")
WEAK_NOTE = _("Weak: not enough for people who decide, certify or help")

WORDS: dict[str, KindWords] = {
    Kind.PASSKEY: KindWords(
        label=_("Passkey or security key"),
        text=_(
            "Your fingerprint, face or PIN, or a small key that you plug in. Nothing to type, "
            "and a false website gets nothing."
        ),
        usual_name=_("My passkey"),
        heading=_("Add Passkey or Security Key"),
    ),
    Kind.APP_PHONE: KindWords(
        label=_("Authenticator app on a phone"),
        text=_("An app shows a new code every 30 seconds, also without network."),
        usual_name=_("My phone"),
        heading=_("Add Authenticator App on a Phone"),
        explanation=(
            _("On the next page you scan a picture with the app and enter the code that it shows."),
        ),
    ),
    Kind.APP_COMPUTER: KindWords(
        label=_("Authenticator app on a computer"),
        text=_("The same, in a program on your computer, for example a password manager."),
        usual_name=_("My computer"),
        heading=_("Add Authenticator App on a Computer"),
        explanation=(
            _("On the next page you copy a secret into the program and enter the code it shows."),
        ),
    ),
    Kind.TEXT: KindWords(
        label=_("Text message (SMS)"),
        text=_("We send a code to your mobile phone each time you log in."),
        usual_name=_("My mobile phone"),
        heading=_("Add Text Message"),
        explanation=(
            _("We send a code to this number now. Your phone company may charge you for it."),
        ),
    ),
    Kind.VOICE: KindWords(
        label=_("Voice call"),
        text=_("We call your telephone and read a code out, also behind a switchboard."),
        usual_name=_("My telephone"),
        heading=_("Add Voice Call"),
        explanation=(_("We call this number now and read a code out."),),
    ),
    Kind.EMAIL: KindWords(
        label=_("E-mail"),
        text=_("We send a code to the address in your profile. The slowest way of all."),
        usual_name=_("My e-mail"),
        heading=_("Add E-mail"),
        explanation=(
            _("We send a code to the e-mail address in your profile now."),
            _("If the address changes later, the codes go to the new one."),
        ),
    ),
    Kind.RECOVERY: KindWords(
        label=_("Recovery codes"),
        text=_("Codes on paper for the day when every other device is out of reach."),
        usual_name=_("Codes on paper"),
        heading=_("Add Recovery Codes"),
        explanation=(
            _("On the next page you see ten codes, once. Have a printer or a safe place ready."),
        ),
    ),
}
