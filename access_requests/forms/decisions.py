"""What an approver types: a decision with its comment, and the filters of the queue."""

import uuid
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from access_requests.forms.fields import LineField, ProseField

COMMENT_LENGTH = 2000

Choices = Iterable[tuple[str, str]]


class DecisionForm(forms.Form):
    """One text for all three answers, and what ties the form to what was read."""

    comment = ProseField(
        label=_("Comment, reason or question"),
        required=False,
        max_length=COMMENT_LENGTH,
        help_text=_(
            "You can approve without a comment. To deny, write the reason; to return the request, "
            "write your question. The requester will read it."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    @classmethod
    def fresh(cls, *, revision: int, seen: str) -> "DecisionForm":
        """Return an empty form with a key of its own; ``seen`` is the word of ``seen.sign``."""
        return cls(initial={"revision": revision, "form_key": uuid.uuid4(), "seen": seen})

    def decision(self) -> dict[str, Any]:
        """Return what the services take."""
        return {name: self.cleaned_data[name] for name in ("comment", "revision", "form_key")}


class ReasonedDecisionForm(DecisionForm):
    """The same, where the text must not be missing."""

    def __init__(self, *args: Any, missing: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comment"].required = True
        self.fields["comment"].error_messages["required"] = missing


class QueueForm(forms.Form):
    """Search and filters of the queue; what cannot be read counts as not given."""

    q = LineField(
        label=_("Search"),
        required=False,
        max_length=100,
        help_text=_("Tracking number, name, User ID or organization"),
    )
    system = forms.ChoiceField(label=_("System"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)

    def __init__(
        self, *args: Any, systems: Choices = (), roles: Choices = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, empty, choices in (
            ("system", _("All systems"), systems),
            ("role", _("All roles"), roles),
        ):
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = [("", empty), *choices]

    def wanted(self, name: str) -> str:
        """Return a valid filter, or an empty text."""
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))
