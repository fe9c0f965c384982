"""A person's request for a role, from draft to its end."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models import ApprovalRule, Role, System
from organizations.models import Organization


class Status(models.TextChoices):
    """Where a request stands."""

    DRAFT = "draft", _("Draft")
    PENDING = "pending", _("Pending")
    RETURNED = "returned", _("Returned for information")
    APPROVED = "approved", _("Approved")
    DENIED = "denied", _("Denied")
    WITHDRAWN = "withdrawn", _("Canceled")
    EXPIRED = "expired", _("Expired")


class Court(models.TextChoices):
    """Who has to act on a pending request."""

    RULE = "rule", _("Approvers named by the rules of the role")
    OWNER = "owner", _("Owner of the system")
    HELP_DESK = "help_desk", _("Portal help desk")


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    """Ways to look requests up."""

    def open(self) -> "AccessRequestQuerySet":
        """Return the requests that still wait for somebody."""
        return self.filter(status__in=AccessRequest.OPEN)

    def locked(self, **lookup: object) -> "AccessRequest":
        """Return one request with its row locked, joined to what a decision needs.

        The lock leaves foreign keys free, so that writing about the request never waits for it.
        Raises AccessRequest.DoesNotExist.
        """
        return self.select_for_update(of=("self",), no_key=True).with_all().get(**lookup)

    def with_all(self) -> "AccessRequestQuerySet":
        """Join what pages and decisions read of a request."""
        return self.select_related(
            "system",
            "role__system",
            "requester",
            "organization",
            "routed_rule__approver_role",
        )


class AccessRequest(models.Model):
    """An ask: one person, one role, at most one organization."""

    NEXT: ClassVar[dict[str, set[str]]] = {
        Status.DRAFT: {Status.PENDING},
        Status.PENDING: {
            Status.RETURNED,
            Status.APPROVED,
            Status.DENIED,
            Status.WITHDRAWN,
            Status.EXPIRED,
        },
        Status.RETURNED: {Status.PENDING, Status.WITHDRAWN, Status.EXPIRED},
        Status.APPROVED: set(),
        Status.DENIED: set(),
        Status.WITHDRAWN: set(),
        Status.EXPIRED: set(),
    }
    # The columns that a verb below may change, and those that say in whose court a request is.
    MOVED: ClassVar[list[str]] = [
        "status",
        "tracking_number",
        "submitted_at",
        "closed_at",
        "waiting_since",
        "reminders_sent",
        "reminded_at",
    ]
    ROUTED: ClassVar[list[str]] = ["court", "routed_rule"]
    OPEN: ClassVar[list[str]] = [Status.PENDING, Status.RETURNED]

    # Every index costs each submit and each decision, so there are only those that a page reads:
    # those of Meta, and help desks look for the people of their systems.
    tracking_number = models.CharField(
        _("tracking number"), max_length=10, null=True, editable=False
    )
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="access_requests", db_index=False
    )
    system = models.ForeignKey(System, models.PROTECT, related_name="access_requests")
    role = models.ForeignKey(
        Role, models.PROTECT, null=True, related_name="access_requests", db_index=False
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="access_requests", db_index=False
    )
    organization_name = models.CharField(_("organization"), max_length=200, blank=True)
    answers = models.JSONField(_("answers"), default=dict)
    reason = models.TextField(_("reason"), blank=True)
    typed = models.JSONField(
        _("typed so far"),
        null=True,
        editable=False,
        help_text=_("What a draft's form holds, right or wrong, beyond what the draft says."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    created_at = models.DateTimeField(_("begun"))
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    court = models.CharField(_("who decides"), max_length=10, choices=Court, blank=True)
    routed_rule = models.ForeignKey(
        ApprovalRule, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    revision = models.PositiveIntegerField(
        _("revision"), default=1, help_text=_("Counts changes of what the requester wrote.")
    )
    waiting_since = models.DateTimeField(
        _("waiting since"), null=True, help_text=_("When the present party was asked to act.")
    )
    reminders_sent = models.PositiveSmallIntegerField(_("reminders sent"), default=0)
    reminded_at = models.DateTimeField(_("last reminded"), null=True)

    # What a page works out for a row and keeps with it; no columns.
    kind: str
    waited: str
    who: str
    age: str

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("access request")
        verbose_name_plural = _("access requests")
        constraints = [
            models.UniqueConstraint(fields=["tracking_number"], name="one_request_per_number"),
            models.UniqueConstraint(
                fields=["requester", "role", "organization"],
                condition=models.Q(status__in=["pending", "returned"]),
                nulls_distinct=False,
                name="one_open_request_per_person_role_and_organization",
            ),
            models.UniqueConstraint(
                fields=["requester", "system"],
                condition=models.Q(status="draft"),
                name="one_draft_per_person_and_system",
            ),
            models.CheckConstraint(
                condition=models.Q(status="draft", submitted_at__isnull=True)
                | models.Q(
                    ~models.Q(status="draft"),
                    submitted_at__isnull=False,
                    tracking_number__isnull=False,
                    role__isnull=False,
                ),
                name="submitted_exactly_when_no_draft",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["draft", "pending", "returned"], closed_at__isnull=True
                )
                | models.Q(
                    status__in=["approved", "denied", "withdrawn", "expired"],
                    closed_at__isnull=False,
                ),
                name="closed_at_exactly_when_closed",
            ),
            models.CheckConstraint(
                condition=models.Q(status="draft") | models.Q(typed__isnull=True),
                name="typed_in_drafts_only",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="pending") | ~models.Q(court=""),
                name="pending_request_has_a_court",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["pending", "returned"])
                | models.Q(waiting_since__isnull=False),
                name="open_request_waits_since",
            ),
            models.CheckConstraint(
                condition=models.Q(reminders_sent=0, reminded_at__isnull=True)
                | models.Q(reminders_sent__gt=0, reminded_at__isnull=False),
                name="reminder_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["routed_rule", "organization", "submitted_at", "id"],
                condition=models.Q(status="pending"),
                name="queue_by_rule",
            ),
            models.Index(
                fields=["court", "system", "submitted_at", "id"],
                condition=models.Q(status="pending"),
                name="queue_by_court",
            ),
            models.Index(fields=["requester", "-submitted_at"], name="requests_of_a_person"),
            models.Index(
                fields=["waiting_since"],
                condition=models.Q(status__in=["pending", "returned"]),
                name="open_requests_by_age",
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_number or str(_("draft"))

    def get_absolute_url(self) -> str:
        """Return the request's own page."""
        return reverse("access_requests:detail", args=[self.tracking_number])

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still has to act."""
        return self.status in self.OPEN

    @property
    def organization_label(self) -> str:
        """Return the name of the organization the role is asked for, or an empty text."""
        return self.organization.name if self.organization else self.organization_name

    @property
    def holds_words(self) -> bool:
        """Tell whether the requester has written anything beside the role."""
        return bool(
            self.typed or self.reason or self.organization_label or any(self.answers.values())
        )

    @property
    def wanted_role(self) -> Role:
        """Return the role; raises ValueError for a draft that has none yet."""
        if self.role is None:
            raise ValueError("no role has been chosen yet")
        return self.role

    # One-row verbs -------------------------------------------------------------------------

    def _move(self, to: Status) -> None:
        if to not in self.NEXT[self.status]:
            raise ValueError(f"a {self.status} request cannot become {to}")
        self.status = to

    def _wait_from(self, at: dt.datetime) -> None:
        self.waiting_since, self.reminders_sent, self.reminded_at = at, 0, None

    def submit(self, *, tracking_number: str, at: dt.datetime) -> None:
        """Turn the draft into a pending request."""
        if self.status != Status.DRAFT:
            raise ValueError(f"a {self.status} request cannot be submitted")
        self._move(Status.PENDING)
        self.tracking_number, self.submitted_at, self.typed = tracking_number, at, None
        self._wait_from(at)

    def return_for_information(self, *, at: dt.datetime) -> None:
        """Hand the request back to the requester; the court stays known."""
        self._move(Status.RETURNED)
        self._wait_from(at)

    def resubmit(self, *, at: dt.datetime) -> None:
        """Hand the answered request to the approvers again."""
        if self.status != Status.RETURNED:
            raise ValueError(f"a {self.status} request cannot be submitted again")
        self._move(Status.PENDING)
        self._wait_from(at)

    def close(self, to: Status, *, at: dt.datetime) -> None:
        """End the request as approved, denied, withdrawn or expired; the court stays known."""
        if to in {Status.PENDING, Status.RETURNED}:
            raise ValueError(f"{to} is no end")
        self._move(to)
        self.closed_at = at
