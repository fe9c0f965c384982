"""Access held: who holds which role, for whom, since when and until when."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access_requests.models.decisions import Decision
from accounts.models import User
from catalog.models import Role
from organizations.models import Organization


class GrantQuerySet(models.QuerySet["Grant"]):
    """Ways to look grants up."""

    def active(self) -> "GrantQuerySet":
        """Return the grants in force: not ended, and the person's account is in use."""
        return self.filter(ended_at__isnull=True, person__is_active=True)

    def standing(self) -> "GrantQuerySet":
        """Return the grants that have not ended, whether or not the account is in use."""
        return self.filter(ended_at__isnull=True)


class Grant(models.Model):
    """A role held by a person; ended grants stay for ever."""

    class EndReason(models.TextChoices):
        REMOVED = "removed", _("Removed by the holder")
        REVOKED = "revoked", _("Revoked")
        LAPSED = "lapsed", _("Not certified in time")
        ACCOUNT_DISABLED = "account_disabled", _("Account disabled")

    # The indices are those of Meta and that of the role, as with requests.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="grants", db_index=False
    )
    role = models.ForeignKey(Role, models.PROTECT, related_name="grants")
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="grants", db_index=False
    )
    organization_name = models.CharField(_("organization"), max_length=200, blank=True)
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="grant")
    started_at = models.DateTimeField(_("since"))
    certify_by = models.DateField(_("to be certified by"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    end_reason = models.CharField(_("why it ended"), max_length=20, choices=EndReason, blank=True)
    end_note = models.TextField(_("note on the end"), blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        permissions = [("revoke_grant", "Revokes roles that people hold")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "organization"],
                condition=models.Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="one_active_grant_per_person_role_and_organization",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, end_reason="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(end_reason="")),
                name="an_end_has_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(ended_at__gte=models.F("started_at")),
                name="ends_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(
                fields=["role", "organization"],
                condition=models.Q(ended_at__isnull=True),
                name="holders_of_a_role",
            ),
            models.Index(
                fields=["certify_by"],
                condition=models.Q(ended_at__isnull=True),
                name="grants_by_certification_date",
            ),
            models.Index(fields=["person", "-started_at"], name="grants_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.role.name}: {self.person}"

    def end(
        self, *, at: dt.datetime, reason: "Grant.EndReason", by: User | None, note: str = ""
    ) -> None:
        """End the grant; raises ValueError when it has ended before.

        It never ends before it began: a clock that was set back must not keep a role from being
        taken.
        """
        if self.ended_at is not None:
            raise ValueError("the grant has ended already")
        self.ended_at, self.end_reason, self.ended_by = max(at, self.started_at), reason, by
        self.end_note = note

    @property
    def organization_label(self) -> str:
        """Return the name of the organization the role is held for, or an empty text."""
        return self.organization.name if self.organization else self.organization_name
