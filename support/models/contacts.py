"""A help desk agent's dealing with one person: why, since when, and how the caller was verified."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.assurance import Strength


class ContactQuerySet(models.QuerySet["Contact"]):
    """Ways to look contacts up."""

    def open(self, on: datetime) -> "ContactQuerySet":
        """Return the contacts under which an account may be looked at."""
        return self.filter(opened_at__gt=on - settings.HELP_DESK_CONTACT_LIFETIME)


class Contact(models.Model):
    """One agent, one person, one reason. Nothing of an account is shown without one."""

    class Way(models.TextChoices):
        """How the caller was verified; the first two prove it, the others rest on the agent."""

        PORTAL_CODE = "portal_code", _("Help desk code read from the portal")
        DEVICE_CODE = "device_code", _("Code read from a registered device")
        CALL_BACK = "call_back", _("Called back at the phone number in the profile")
        PHOTO_ID = "photo_id", _("Photo ID seen in person or by video")
        VOUCHED = "vouched", _("A security official or approver vouched for the person")

    BY_CODE = (Way.PORTAL_CODE, Way.DEVICE_CODE)
    BY_JUDGEMENT = (Way.CALL_BACK, Way.PHOTO_ID, Way.VOUCHED)

    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("agent")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="help_desk_contacts"
    )
    reason = models.CharField(_("reason"), max_length=300)
    reference = models.CharField(_("call or ticket number"), max_length=40)
    opened_at = models.DateTimeField(_("opened"))
    verified_at = models.DateTimeField(_("caller verified"), null=True)
    way = models.CharField(_("how"), max_length=20, choices=Way, blank=True)
    note = models.CharField(_("what was checked"), max_length=300, blank=True)
    strength = models.PositiveSmallIntegerField(
        _("second factor behind the code"), choices=Strength.choices, default=Strength.NONE
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("help desk contact")
        verbose_name_plural = _("help desk contacts")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                name="contact_not_with_oneself",
                condition=~models.Q(agent=models.F("person")),
            ),
            models.CheckConstraint(
                name="contact_verified_at_exactly_when_way",
                condition=models.Q(verified_at__isnull=True, way="")
                | (models.Q(verified_at__isnull=False) & ~models.Q(way="")),
            ),
        )
        indexes = (
            models.Index(fields=("agent", "person", "-opened_at"), name="contact_of_agent"),
            models.Index(fields=("person", "-opened_at"), name="contact_with_person"),
        )

    def __str__(self) -> str:
        return self.reference

    def verify(
        self,
        *,
        way: "Contact.Way",
        at: datetime,
        note: str = "",
        strength: Strength = Strength.NONE,
    ) -> None:
        """Mark the caller as verified; a later verification takes the place of an earlier one."""
        self.way, self.verified_at, self.note = way, at, note
        self.strength = strength

    def is_open(self, on: datetime) -> bool:
        """Tell whether the account may still be looked at."""
        return on - self.opened_at < settings.HELP_DESK_CONTACT_LIFETIME

    def is_verified(self, on: datetime) -> bool:
        """Tell whether actions are open: the caller was verified a short while ago."""
        if self.verified_at is None:
            return False
        return on - self.verified_at < settings.HELP_DESK_VERIFICATION_LIFETIME

    @property
    def is_by_code(self) -> bool:
        """Tell whether the caller read a code, instead of being judged by the agent."""
        return self.way in self.BY_CODE


class CallerCode(models.Model):
    """A code that proves to an agent who is calling; the person has it, the agent types it.

    Without a contact it is the one a signed-in person sees on a page; with one it was sent to a
    device for that contact only. Either opens nothing but the agent's actions. It proves as much as
    the session or the device does that it came from.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="help_desk_codes"
    )
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="codes")
    nonce = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    strength = models.PositiveSmallIntegerField(choices=Strength.choices, default=Strength.NONE)
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "contact"),
                condition=models.Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="one_caller_code_at_a_time",
            ),
        )
        default_permissions = ()
        indexes = (models.Index(fields=("person", "-created_at"), name="caller_codes_newest"),)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.created_at:%Y-%m-%d %H:%M}"
