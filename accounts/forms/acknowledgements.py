"""Accepting rules, one box a document."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.services.acknowledgements import Rules


class AcknowledgementForm(forms.Form):
    """A box for each document on the page; all have to be ticked."""

    def __init__(self, *args: Any, owed: Sequence[Rules], **kwargs: Any) -> None:
        """``owed`` are the documents shown."""
        super().__init__(*args, **kwargs)
        self.owed = owed
        for number, rules in enumerate(owed, start=1):
            self.fields[f"document_{number}"] = forms.CharField(
                initial=rules.key, required=False, widget=forms.HiddenInput
            )
            self.fields[f"accept_{number}"] = forms.BooleanField(
                label=_("I have read these rules and will follow them: %(title)s")
                % {"title": rules.title},
                error_messages={"required": _("Tick this box to go on, or log out.")},
            )

    def is_of_now(self) -> bool:
        """Whether the page that was sent showed the documents that are asked for now."""
        shown = [
            self.data.get(f"document_{number}") for number, _rules in enumerate(self.owed, start=1)
        ]
        return shown == [rules.key for rules in self.owed]

    def keys(self) -> list[str]:
        """The documents that were accepted: all of them, or the form is not valid."""
        return [rules.key for rules in self.owed]
