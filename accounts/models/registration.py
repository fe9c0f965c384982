"""Somebody who asked for an account and has not opened the link in the mail yet."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.person import Person
from accounts.models.user import USER_ID_MAX_LENGTH


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Ways to find registrations."""

    def pending(self, on: datetime) -> "RegistrationQuerySet":
        """Those whose link is still good at this moment."""
        return self.filter(status=Registration.Status.PENDING, expires_at__gt=on)

    def for_link(self, registration_id: int, link_number: int, on: datetime) -> "Registration":
        """Locks the registration of a link; raises ``DoesNotExist`` unless it is the newest."""
        return self.pending(on).select_for_update().get(pk=registration_id, link_number=link_number)

    def drop(self, *, at: datetime) -> None:
        """Closes those that wait and wipes what they hold: another one took their place."""
        wiped = dict.fromkeys((*Registration.PERSONAL, "password"), "")
        self.filter(status=Registration.Status.PENDING).update(
            status=Registration.Status.SUPERSEDED, finished_at=at, answers={}, **wiped
        )


class Registration(Person):
    """Everything an account needs, waiting for proof that the e-mail address is theirs.

    No account exists before activation. Several may wait for one address, one from each browser:
    nobody drives another one's registration out, and the first to be activated ends the others.
    Rows that were not activated are deleted when they are over, because they hold the data of
    somebody who has no account.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting for the link")
        ACTIVATED = "activated", _("Activated")
        SUPERSEDED = "superseded", _("Replaced by a newer one")

    PERSONAL: ClassVar[tuple[str, ...]] = tuple(
        field.name
        for field in Person._meta.local_fields  # noqa: SLF001 - Django's documented model API
        if field.name != "language"
    )

    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PENDING)
    user_id = models.CharField(max_length=USER_ID_MAX_LENGTH)
    user_id_key = models.CharField(max_length=USER_ID_MAX_LENGTH * 3)
    email = models.EmailField(max_length=254)
    email_key = models.CharField(max_length=254 * 3)
    password = models.CharField(max_length=200)
    answers = models.JSONField(default=dict)
    browser_hash = models.CharField(max_length=64)
    terms_version = models.CharField(max_length=20)
    terms_accepted_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    link_number = models.PositiveIntegerField(default=1)
    finished_at = models.DateTimeField(null=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("email_key", "browser_hash"),
                condition=Q(status="pending"),
                name="one_pending_registration_per_email_and_browser",
            ),
            models.CheckConstraint(
                name="registration_finished_at_exactly_when_over",
                condition=Q(status="pending", finished_at__isnull=True)
                | (~Q(status="pending") & Q(finished_at__isnull=False)),
            ),
        )
        indexes = (models.Index(fields=("expires_at",), name="registration_by_expiry"),)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.status}"

    def renew(self, *, at: datetime, until: datetime) -> None:
        """Makes a newer link the only good one."""
        self.link_number += 1
        self.created_at = at
        self.expires_at = until

    def activate(self, *, at: datetime) -> None:
        """Closes the row; the account has the data now, so they are wiped here."""
        self.status = self.Status.ACTIVATED
        self.finished_at = at
        self.password = ""
        self.answers = {}
        for name in self.PERSONAL:
            setattr(self, name, "")
