"""Which session to end."""

from django import forms

OTHERS = "others"


class EndSessionForm(forms.Form):
    """One session by its number, or all others."""

    end = forms.RegexField(regex=r"\A(?:[1-9][0-9]{0,17}|others)\Z")
