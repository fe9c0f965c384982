"""Texts without invisible characters, on one line or on many."""

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts import text


class LineField(forms.CharField):
    """A text on one line."""

    def to_python(self, value: Any) -> str:
        """Clean before lengths are checked."""
        return text.clean(super().to_python(value) or "")


class ProseField(forms.CharField):
    """A text on many lines."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """Clean line by line before lengths are checked."""
        lines = (super().to_python(value) or "").splitlines()
        return "\n".join(text.clean(line) for line in lines).strip()


class SuggestingInput(forms.TextInput):
    """A line with suggestions; anything else can be typed as well."""

    def __init__(self, *, name: str, suggestions: list[str], attrs: dict[str, Any]) -> None:
        super().__init__({**attrs, "list": f"{name}-suggestions", "autocomplete": "organization"})
        self.suggestions = suggestions

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        """Render the line and the list that the browser shows under it."""
        options = format_html_join("", '<option value="{}"></option>', zip(self.suggestions))
        line = super().render(name, value, attrs, renderer)
        return format_html('{}<datalist id="{}-suggestions">{}</datalist>', line, name, options)
