"""Somebody who asked for an account and has not opened the link in the mail yet."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.person import Person
from accounts.models.user import USER_ID_MAX_LENGTH


class Registration(Person):
    """Everything an account needs, waiting for proof that the e-mail address is theirs.

    No account exists before activation. Rows that were not activated are deleted when they are
    over, because they hold the data of somebody who has no account.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting for the link")
        ACTIVATED = "activated", _("Activated")
        SUPERSEDED = "superseded", _("Replaced by a newer one")
        EXPIRED = "expired", _("Link expired")

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

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("email_key",),
                condition=Q(status="pending"),
                name="one_pending_registration_per_email",
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
