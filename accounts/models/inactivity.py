"""Notices to people whose account is about to expire unused."""

from django.conf import settings
from django.db import models

import clock


class InactivityNotice(models.Model):
    """One notice that was sent; a later sign-in moves the day of expiry and so begins anew."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="inactivity_notices"
    )
    expires_on = models.DateField()
    days_before = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "expires_on", "days_before"), name="inactivity_notice_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.days_before} days before {self.expires_on}"
