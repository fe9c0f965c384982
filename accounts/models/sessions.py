"""The registry of sessions: who is signed in, since when, from where, and how it ended."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

import clock
from accounts.assurance import AAL, Strength
from accounts.models.devices import MFADevice


class PortalSession(models.Model):
    """One signed-in browser. The row stays when the session has ended."""

    class End(models.TextChoices):
        SIGNED_OUT = "signed_out", _("Logged out")
        IDLE = "idle", _("Too long without activity")
        ABSOLUTE = "absolute", _("Longest time reached")
        TOO_MANY = "too_many", _("Too many sessions at once")
        REPLACED = "replaced", _("Signed in again in the same browser")
        ACCOUNT_CHANGED = "account_changed", _("Account closed or its security changed")
        BY_OWNER = "by_owner", _("Ended by its owner from another session")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="portal_sessions"
    )
    key_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_activity_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True)
    aal = models.PositiveSmallIntegerField(choices=AAL.choices, default=AAL.PASSWORD)
    strength = models.PositiveSmallIntegerField(choices=Strength.choices, default=Strength.NONE)
    # The last full check of the password and, for those who have one, of a second factor.
    verified_at = models.DateTimeField(default=clock.now)
    device = models.ForeignKey(MFADevice, on_delete=models.SET_NULL, null=True, related_name="+")
    factor = models.CharField(max_length=20, blank=True)
    security_version = models.PositiveIntegerField()
    # When everything that has to be accepted was found accepted; until then only that page opens.
    rules_checked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, choices=End.choices, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="session_ended_at_exactly_when_reason",
                condition=models.Q(ended_at__isnull=True, end_reason="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(end_reason="")),
            ),
        )
        indexes = (
            models.Index(
                fields=("user", "-created_at"),
                condition=models.Q(ended_at__isnull=True),
                name="session_open_by_user",
            ),
            models.Index(
                fields=("last_activity_at",),
                condition=models.Q(ended_at__isnull=True),
                name="session_open_by_activity",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.created_at:%Y-%m-%d %H:%M}"

    def why_over(self, *, now: datetime, last_activity: datetime) -> "PortalSession.End | None":
        """Why this session must not be used now, or None; reads the joined person."""
        if self.ended_at is not None:
            return self.End(self.end_reason)
        if not self.user.is_active or self.security_version != self.user.security_version:
            return self.End.ACCOUNT_CHANGED
        if self.user.has_mfa and self.strength < Strength.WEAK:
            # Opened by password alone, while the person now has a second factor to show.
            return self.End.ACCOUNT_CHANGED
        if now >= self.latest_end:
            return self.End.ABSOLUTE
        if now >= last_activity + settings.SESSION_IDLE_LIMIT:
            return self.End.IDLE
        return None

    @property
    def latest_end(self) -> datetime:
        """When it ends whatever its owner does."""
        return self.created_at + settings.SESSION_ABSOLUTE_LIMIT
