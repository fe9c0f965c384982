"""The request: the role first, then what the role asks for; and the answer to a question."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from access_requests.forms.fields import LineField, ProseField, SuggestingInput
from access_requests.models import AccessRequest
from catalog.models import Role, RoleAttribute, System
from organizations.models import Organization

REASON_LENGTH = 2000
SUGGESTIONS = 200
NAME_LENGTH = 200
_PREFIX = "attribute_"


class RoleForm(forms.Form):
    """Which role of the system is wanted."""

    role = forms.ChoiceField(
        label=_("Role"),
        error_messages={
            "required": _("Select a role."),
            "invalid_choice": _("Select one of the roles in the list."),
        },
    )

    def __init__(self, *args: Any, system: System, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = {role.code: role for role in roles}
        field = cast(forms.ChoiceField, self.fields["role"])
        field.help_text = format_html(
            '<a class="usa-link" href="{}">{}</a>',
            reverse("catalog:system", args=[system.slug]),
            _("The catalog page of the system says what each role is for."),
        )
        field.choices = [
            ("", _("Select the Role")),
            *((code, role.name) for code, role in self.roles.items()),
        ]

    @property
    def chosen(self) -> Role | None:
        """Return the role that was posted, if it is one of the list."""
        return self.roles.get(self.data.get("role", ""))


class DetailsForm(forms.Form):
    """What one role asks for, and the reason that every request needs."""

    reason = ProseField(
        label=_("Reason for request"),
        max_length=REASON_LENGTH,
        help_text=_("Say what you need the role for. Those who decide will read it."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say why you need the role.")},
    )

    def __init__(self, *args: Any, attributes: Sequence[RoleAttribute], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attributes = attributes
        for attribute in attributes:
            self.fields[self.name_of(attribute)] = _field_of(attribute)
        self.order_fields([*map(self.name_of, attributes), "reason"])

    @staticmethod
    def name_of(attribute: RoleAttribute) -> str:
        """Return the name of the attribute's field."""
        if attribute.kind == RoleAttribute.Kind.ORGANIZATION:
            return "organization"
        return f"{_PREFIX}{attribute.code.replace('-', '_')}"

    @classmethod
    def initial_of(
        cls, access_request: AccessRequest | None, attributes: Sequence[RoleAttribute]
    ) -> dict[str, str]:
        """Return what the request holds already, by field; what was typed last goes first."""
        if access_request is None:
            return {}
        known = access_request.typed or {
            "organization_name": access_request.organization_label,
            "answers": access_request.answers,
            "reason": access_request.reason,
        }
        return {
            **{
                cls.name_of(attribute): known["answers"].get(attribute.code, "")
                for attribute in attributes
            },
            "organization": known["organization_name"],
            "reason": known["reason"],
        }

    def entered(self) -> dict[str, Any]:
        """Return what was typed and is valid; the rest only ``typed`` has."""
        return self._shaped(self.cleaned_data)

    def typed(self) -> dict[str, Any]:
        """Return all that was typed, right or wrong, without what cannot be seen.

        Each text is cut at twice the length that its field takes.
        """
        return self._shaped({name: self._text(name) for name in self.fields})

    def holds_words(self) -> bool:
        """Tell whether anything was typed, right or wrong."""
        return any(map(self._text, self.fields))

    def _text(self, name: str) -> str:
        field = self.fields[name]
        raw = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        longest = getattr(field, "max_length", None) or NAME_LENGTH
        return str(field.to_python(raw))[: 2 * longest]

    def _shaped(self, texts: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "organization_name": texts.get("organization", ""),
            "answers": {
                attribute.code: texts.get(self.name_of(attribute), "")
                for attribute in self.attributes
                if attribute.kind != RoleAttribute.Kind.ORGANIZATION
            },
            "reason": texts.get("reason", ""),
        }


class AnswerForm(DetailsForm):
    """The answer to an approver's question, with the request at hand for corrections."""

    answer = ProseField(
        label=_("Your answer"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Answer the question.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["answer"])


def _field_of(attribute: RoleAttribute) -> forms.Field:
    kinds = RoleAttribute.Kind
    common: dict[str, Any] = {
        "label": attribute.label,
        "help_text": attribute.help_text,
        "required": attribute.required,
        "error_messages": {"required": _("Fill in this field.")},
    }
    match attribute.kind:
        case kinds.ORGANIZATION:
            return _organization_field(common, min(attribute.max_length, NAME_LENGTH))
        case kinds.CHOICE:
            choices = [("", _("Select one")), *((choice, choice) for choice in attribute.choices)]
            return forms.ChoiceField(choices=choices, **common)
        case kinds.LONG_TEXT:
            return ProseField(max_length=attribute.max_length, **common)
        case _:
            return PatternField(attribute, **common)


def _organization_field(common: dict[str, Any], max_length: int) -> LineField:
    names = list(Organization.objects.active().values_list("name", flat=True)[: SUGGESTIONS + 1])
    return LineField(
        max_length=max_length,
        widget=SuggestingInput(
            name="organization",
            suggestions=names if len(names) <= SUGGESTIONS else [],
            attrs={"maxlength": max_length},
        ),
        **common,
    )


class PatternField(LineField):
    """A line that has to match the attribute's pattern, if it has one."""

    def __init__(self, attribute: RoleAttribute, **kwargs: Any) -> None:
        super().__init__(max_length=attribute.max_length, **kwargs)
        self.pattern = re.compile(attribute.pattern) if attribute.pattern else None
        self.hint = attribute.pattern_hint
        if self.hint and not self.help_text:
            self.help_text = self.hint

    def validate(self, value: str) -> None:
        """Refuse what does not match the whole pattern, saying what to enter."""
        super().validate(value)
        if value and self.pattern and not self.pattern.fullmatch(value):
            raise forms.ValidationError(
                self.hint or _("This does not look right. Check it, please."), code="pattern"
            )
