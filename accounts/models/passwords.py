"""Hashes of earlier passwords, so that none comes back too soon."""

from django.conf import settings
from django.db import models

import clock


class PasswordHistory(models.Model):
    """A password a person has or had."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="password_history"
    )
    hash = models.CharField(max_length=200)
    set_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (models.Index(fields=("user", "-set_at"), name="password_history_newest"),)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.set_at:%Y-%m-%d}"
