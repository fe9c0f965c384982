"""How a person is reached at work, kept apart from the personal data of the account."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.data.states import STATES


class BusinessContact(models.Model):
    """One person's business contact information; the row appears with the first entry."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="business_contact"
    )
    company = models.CharField(_("company"), max_length=100, blank=True)
    job_title = models.CharField(_("job title"), max_length=60, blank=True)
    address_line_1 = models.CharField(_("business address line 1"), max_length=100, blank=True)
    address_line_2 = models.CharField(_("business address line 2"), max_length=100, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    state = models.CharField(_("state or territory"), max_length=2, choices=STATES, blank=True)
    zip_code = models.CharField(_("ZIP code"), max_length=5, blank=True)
    zip_extension = models.CharField(_("ZIP+4 extension"), max_length=4, blank=True)
    phone = models.CharField(_("business phone number"), max_length=16, blank=True)
    phone_extension = models.CharField(_("extension"), max_length=6, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.company}"
