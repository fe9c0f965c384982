"""A new e-mail address that waits for proof that it is the person's."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class EmailChangeQuerySet(models.QuerySet["EmailChange"]):
    """Ways to find changes."""

    def pending(self, on: datetime) -> "EmailChangeQuerySet":
        """Those whose link is still good at this moment, unless the account changed since."""
        return self.filter(
            status=EmailChange.Status.PENDING,
            expires_at__gt=on,
            user__is_active=True,
            user__security_version=models.F("security_version"),
        )


class EmailChange(models.Model):
    """One wish for another address. The old one stays until the new one has confirmed."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting for the new address")
        CONFIRMED = "confirmed", _("Confirmed")
        SUPERSEDED = "superseded", _("Replaced by a newer one")
        CANCELED = "canceled", _("Canceled")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="email_changes"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    old_email = models.EmailField(max_length=254)
    new_email = models.EmailField(max_length=254)
    security_version = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PENDING)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = EmailChangeQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user",),
                condition=Q(status="pending"),
                name="one_pending_email_change_per_person",
            ),
            models.CheckConstraint(
                name="email_change_finished_at_exactly_when_over",
                condition=Q(status="pending", finished_at__isnull=True)
                | (~Q(status="pending") & Q(finished_at__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.status}"

    def finish(self, status: "EmailChange.Status", *, at: datetime) -> None:
        """Close the wish for good; raises ValueError when it was closed before."""
        if self.status != self.Status.PENDING:
            raise ValueError("the change is over already")
        self.status = status
        self.finished_at = at
