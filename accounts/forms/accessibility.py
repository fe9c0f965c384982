"""How somebody likes the pages to look."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.display import Display
from accounts.models.preferences import Contrast, Motion, TextSize


class AccessibilityForm(forms.Form):
    """Contrast, text size and movement."""

    contrast = forms.ChoiceField(
        label=_("Contrast"), choices=Contrast.choices, widget=forms.RadioSelect
    )
    text_size = forms.ChoiceField(
        label=_("Text size"), choices=TextSize.choices, widget=forms.RadioSelect
    )
    motion = forms.ChoiceField(
        label=_("Movement"),
        choices=Motion.choices,
        widget=forms.RadioSelect,
        help_text=_("Whether parts of a page may slide or fade."),
    )

    def display(self) -> Display:
        """What was chosen."""
        return Display(**self.cleaned_data)
