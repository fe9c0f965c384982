"""What happens when somebody says: this was not me."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models.user import User


class AccountEvent(models.TextChoices):
    """Changes of an account that its owner is told of and may disown."""

    PASSWORD_CHANGED = "password_changed", _("The password was changed")
    PASSWORD_RESET = "password_reset", _("A new password was set after a recovery")
    RECOVERY_STARTED = "recovery_started", _("A password recovery was started")
    EMAIL_CHANGE_ASKED = "email_change_asked", _("A change of the e-mail address was asked for")
    EMAIL_CHANGED = "email_changed", _("The e-mail address was changed")
    PROFILE_CHANGED = "profile_changed", _("The profile was changed")
    QUESTIONS_CHANGED = "questions_changed", _("The challenge questions were changed")
    DEVICE_ADDED = "device_added", _("An MFA device was added")
    DEVICE_CHANGED = "device_changed", _("An MFA device was changed")
    DEVICE_REMOVED = "device_removed", _("An MFA device was removed")
    CODE_ISSUED = "code_issued", _("A one-time security code was issued")
    ACCOUNT_UNLOCKED = "account_unlocked", _("The account was unlocked")
    HELP_DESK_ACTED = "help_desk_acted", _("A help desk worked on the account")
    IDENTITY_TRIED = "identity_tried", _("A proof of identity was tried")
    SIGNED_IN = "signed_in", _("Somebody logged in")


class SecurityCase(models.Model):
    """One report for the help desk: an account was frozen, somebody has to look into it."""

    class Resolution(models.TextChoices):
        RETURNED = "returned", _("Given back to its owner")
        FALSE_ALARM = "false_alarm", _("False alarm")
        CLOSED = "closed", _("Account stays closed")

    reference = models.CharField(_("reference"), max_length=12, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="security_cases",
    )
    event = models.CharField(_("what was disowned"), max_length=30, choices=AccountEvent.choices)
    event_at = models.DateTimeField(_("when it happened"))
    opened_at = models.DateTimeField(_("opened"))
    address = models.GenericIPAddressField(_("reported from"), null=True)
    took_proof_back = models.BooleanField(_("took a proof of identity back"), default=False)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("closed by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    resolution = models.CharField(
        _("outcome"), max_length=20, choices=Resolution.choices, blank=True
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("security case")
        verbose_name_plural = _("security cases")
        ordering = ("-opened_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("user",),
                condition=Q(closed_at__isnull=True),
                name="one_open_security_case_per_person",
            ),
            models.CheckConstraint(
                name="security_case_closed_by_somebody_for_a_reason",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, resolution="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(resolution="")),
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def close(self, *, by: "User", at: datetime, resolution: str, note: str) -> None:
        """Settles the case."""
        self.closed_by = by
        self.closed_at = at
        self.resolution = resolution
        self.note = note


class Disavowal(models.Model):
    """The right to say "this was not me" once, handed out with the mail about one change."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="disavowals"
    )
    event = models.CharField(max_length=30, choices=AccountEvent.choices)
    # Where the mail went: after a change of the address also the old one stays known for a while.
    email = models.EmailField(max_length=254)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    case = models.ForeignKey(
        SecurityCase, null=True, on_delete=models.PROTECT, related_name="disavowals"
    )

    class Meta:
        indexes = (
            models.Index(fields=("user", "-created_at"), name="disavowal_newest"),
            models.Index(fields=("created_at",), name="disavowal_by_age"),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.event}"
