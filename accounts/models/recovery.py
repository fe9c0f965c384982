"""A forgotten password on its way to a new one."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PasswordReset(models.Model):
    """One way back into one account: a mailed link, a second thing, a new password.

    The link in a mail names the row and ``link_number``; giving the second thing makes the link
    worthless and ties the row to the browser that gave it. Only the newest of a person is alive.
    """

    class Status(models.TextChoices):
        MAILED = "mailed", _("Link mailed")
        WAITING = "waiting", _("Waiting before the link is mailed")
        PROVEN = "proven", _("Second proof given")
        USED = "used", _("Password set")
        OVER = "over", _("Given up, replaced or too late")

    class Origin(models.TextChoices):
        OWNER = "owner", _("Asked for by the owner")
        HELP_DESK = "help_desk", _("Started by a help desk")

    ALIVE = (Status.MAILED, Status.WAITING, Status.PROVEN)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="password_resets"
    )
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.OWNER)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.MAILED)
    # The credentials and the address the way back was opened for; dead when either changes.
    security_version = models.PositiveIntegerField()
    email_key = models.CharField(max_length=254 * 3)
    link_number = models.PositiveIntegerField(default=1)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Set where nobody could give a second proof: no link before this moment.
    opens_at = models.DateTimeField(null=True)
    proven_by = models.CharField(max_length=20, blank=True)
    browser_hash = models.CharField(max_length=64, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user",),
                condition=Q(status__in=("mailed", "waiting", "proven")),
                name="one_password_reset_per_person",
            ),
            models.CheckConstraint(
                name="password_reset_finished_at_exactly_when_over",
                condition=Q(status__in=("used", "over"), finished_at__isnull=False)
                | Q(status__in=("mailed", "waiting", "proven"), finished_at__isnull=True),
            ),
            models.CheckConstraint(
                name="password_reset_browser_exactly_when_proven",
                condition=Q(status="proven", browser_hash__gt="", proven_by__gt="")
                | (~Q(status="proven") & Q(browser_hash="")),
            ),
        )
        indexes = (
            models.Index(
                fields=("opens_at",), condition=Q(status="waiting"), name="password_reset_waiting"
            ),
            models.Index(fields=("expires_at",), name="password_reset_by_expiry"),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.status}"

    def is_good_for(self, now: datetime) -> bool:
        """Whether it is in time and the account is as it was; reads the joined person."""
        return (
            now < self.expires_at
            and self.security_version == self.user.security_version
            and self.email_key == self.user.email_key
            and self.user.may_recover
        )

    def prove(self, *, kind: str, browser_hash: str, until: datetime) -> None:
        """Takes the second proof; the link is spent and only this browser goes on."""
        self.status = self.Status.PROVEN
        self.proven_by = kind
        self.browser_hash = browser_hash
        self.link_number += 1
        self.expires_at = until

    def wait(self, *, until: datetime, expires_at: datetime) -> None:
        """Puts the next link off; the one mailed is spent."""
        self.status = self.Status.WAITING
        self.opens_at = until
        self.expires_at = expires_at
        self.link_number += 1

    def open_after_wait(self, *, until: datetime) -> None:
        """Lets the link be mailed that waited."""
        self.status = self.Status.MAILED
        self.proven_by = "waited"
        self.expires_at = until

    def finish(self, status: "PasswordReset.Status", *, at: datetime) -> None:
        """Ends it, used or not."""
        self.status = status
        self.browser_hash = ""
        self.finished_at = at
