"""What somebody who forgot the User ID still knows."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ForgotUserIdForm(forms.Form):
    """E-mail address and last name."""

    email = forms.CharField(
        label=_("E-mail Address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    last_name = forms.CharField(
        label=_("Last Name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
