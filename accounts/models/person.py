"""The personal data that a registration collects and an account keeps."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.data.states import STATES


class Person(models.Model):
    """Name, residence address and telephone; date of birth is checked and never kept."""

    first_name = models.CharField(_("first name"), max_length=60)
    middle_name = models.CharField(_("middle name"), max_length=60, blank=True)
    last_name = models.CharField(_("last name"), max_length=60)
    suffix = models.CharField(_("suffix"), max_length=10, blank=True)
    address_line_1 = models.CharField(_("home address line 1"), max_length=100, blank=True)
    address_line_2 = models.CharField(_("home address line 2"), max_length=100, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    state = models.CharField(_("state or territory"), max_length=2, choices=STATES, blank=True)
    zip_code = models.CharField(_("ZIP code"), max_length=5, blank=True)
    zip_extension = models.CharField(_("ZIP+4 extension"), max_length=4, blank=True)
    phone = models.CharField(_("phone number"), max_length=16, blank=True)
    language = models.CharField(_("preferred language"), max_length=10, default="en")

    class Meta:
        abstract = True

    def get_full_name(self) -> str:
        """All parts of the name in the order people write them."""
        parts = (self.first_name, self.middle_name, self.last_name, self.suffix)
        return " ".join(part for part in parts if part)

    def get_short_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()
