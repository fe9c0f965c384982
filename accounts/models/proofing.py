"""Proving who somebody is: tries with a bureau, and the case of somebody whom it cannot prove.

What a person types for it (Social Security number, date of birth, answers) is nowhere in here.
"""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class ProofingAttempt(models.Model):
    """One inquiry at the bureau about one person, and how it ended."""

    class Status(models.TextChoices):
        CHECKING = "checking", _("The bureau is being asked")
        QUESTIONS = "questions", _("Questions are open")
        PASSED = "passed", _("Identity proven")
        FAILED = "failed", _("Identity not proven")
        TROUBLE = "trouble", _("The bureau gave no answer")

    class Cause(models.TextChoices):
        NOT_FOUND = "not_found", _("The bureau knows nobody like this")
        THIN_FILE = "thin_file", _("The bureau knows too little for questions")
        WRONG_ANSWERS = "wrong_answers", _("Too many wrong answers")
        TIME_OVER = "time_over", _("Not answered in time")
        TIMEOUT = "timeout", _("The bureau took too long")
        GARBAGE = "garbage", _("The bureau sent something that makes no sense")
        DOWN = "down", _("The bureau could not be reached")
        INTERRUPTED = "interrupted", _("The portal was interrupted")

    OPEN: ClassVar[tuple[str, ...]] = (Status.CHECKING, Status.QUESTIONS)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proofing_attempts"
    )
    provider = models.CharField(max_length=100)
    reference = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CHECKING)
    cause = models.CharField(max_length=20, choices=Cause.choices, blank=True)
    # A try is counted before it is judged, and given back when it was none.
    fails = models.PositiveSmallIntegerField(default=1)
    set_number = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    terms_version = models.CharField(max_length=20)
    terms_accepted_at = models.DateTimeField()
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("proofing attempt")
        verbose_name_plural = _("proofing attempts")
        constraints = (
            models.UniqueConstraint(
                fields=("user",),
                condition=Q(status__in=("checking", "questions")),
                name="one_open_proofing_attempt_per_person",
            ),
            models.CheckConstraint(
                name="proofing_finished_at_exactly_when_over",
                condition=Q(status__in=("checking", "questions"), finished_at__isnull=True)
                | (~Q(status__in=("checking", "questions")) & Q(finished_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="proofing_cause_exactly_when_not_proven",
                condition=(Q(status__in=("failed", "trouble")) & ~Q(cause=""))
                | (~Q(status__in=("failed", "trouble")) & Q(cause="")),
            ),
        )
        indexes = (
            models.Index(fields=("user", "-created_at"), name="proofing_by_person"),
            models.Index(
                fields=("due_at",),
                condition=Q(status__in=("checking", "questions")),
                name="proofing_open_by_due",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.status}"

    @property
    def is_open(self) -> bool:
        """Whether the bureau is being asked, or questions wait for answers."""
        return self.status in self.OPEN

    # One-row verbs -------------------------------------------------------------------------

    def ask(self, *, until: datetime) -> None:
        """Shows the next questions; the try that was reserved is none until they are answered."""
        self.status = self.Status.QUESTIONS
        self.set_number += 1
        self.due_at = until

    def take_answers(self, *, until: datetime) -> None:
        """Closes the questions while the bureau judges, and counts the try beforehand."""
        self.status = self.Status.CHECKING
        self.fails += 1
        self.due_at = until

    def give_back(self) -> None:
        """Takes the counted try back, because it turned out to be none."""
        self.fails -= 1

    def finish(self, status: str, *, at: datetime, cause: str = "") -> None:
        """Ends the inquiry."""
        self.status = status
        self.cause = cause
        self.finished_at = at


class ProofingCase(models.Model):
    """The way on for somebody whom the bureau cannot prove online: by phone, then on paper."""

    class Status(models.TextChoices):
        PHONE = "phone", _("Waiting for the check by phone")
        MANUAL = "manual", _("Waiting for the check of documents")
        PROVEN = "proven", _("Identity proven")
        NOT_PROVEN = "not_proven", _("Identity not proven")

    class Cause(models.TextChoices):
        FAILED = "failed", _("The check online failed too often")
        CHOSEN = "chosen", _("The person asked for it")

    class Way(models.TextChoices):
        ONLINE = "online", _("Online")
        PHONE = "phone", _("By phone")
        DOCUMENTS = "documents", _("By documents")
        ADMINISTRATION = "administration", _("Recorded by an administrator")

    class Document(models.TextChoices):
        DRIVERS_LICENSE = "drivers_license", _("Driver's license")
        STATE_ID = "state_id", _("State identification card")
        PASSPORT = "passport", _("U.S. passport or passport card")
        MILITARY_ID = "military_id", _("Military identification card")
        RESIDENT_CARD = "resident_card", _("Permanent resident card")
        SOCIAL_SECURITY_CARD = "social_security_card", _("Social Security card")
        BIRTH_CERTIFICATE = "birth_certificate", _("Birth certificate")
        UTILITY_BILL = "utility_bill", _("Utility bill with name and address")
        BANK_STATEMENT = "bank_statement", _("Bank statement with name and address")
        LEASE = "lease", _("Lease or mortgage statement")

    OPEN: ClassVar[tuple[str, ...]] = (Status.PHONE, Status.MANUAL)
    WITH_PHOTO: ClassVar[frozenset[str]] = frozenset(
        {
            Document.DRIVERS_LICENSE,
            Document.STATE_ID,
            Document.PASSPORT,
            Document.MILITARY_ID,
            Document.RESIDENT_CARD,
        }
    )

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proofing_cases"
    )
    reference = models.CharField(max_length=20, unique=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PHONE)
    cause = models.CharField(max_length=10, choices=Cause.choices)
    opened_at = models.DateTimeField()
    phone_at = models.DateTimeField(null=True)
    phone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    manual_at = models.DateTimeField(null=True)
    manual_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    documents = ArrayField(
        models.CharField(max_length=30, choices=Document.choices), default=list, blank=True
    )
    proven_by = models.CharField(max_length=20, choices=Way.choices, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("proofing case")
        verbose_name_plural = _("proofing cases")
        constraints = (
            models.UniqueConstraint(
                fields=("user",),
                condition=Q(status__in=("phone", "manual")),
                name="one_open_proofing_case_per_person",
            ),
            models.CheckConstraint(
                name="proofing_case_closed_at_exactly_when_over",
                condition=Q(status__in=("phone", "manual"), closed_at__isnull=True)
                | (~Q(status__in=("phone", "manual")) & Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="proofing_case_way_exactly_when_proven",
                condition=(Q(status="proven") & ~Q(proven_by=""))
                | (~Q(status="proven") & Q(proven_by="")),
            ),
            models.CheckConstraint(
                name="proofing_case_judged_by_somebody_else",
                condition=(Q(phone_by__isnull=True) | ~Q(phone_by=F("user")))
                & (Q(manual_by__isnull=True) | ~Q(manual_by=F("user"))),
            ),
        )
        indexes = (models.Index(fields=("user", "-opened_at"), name="proofing_case_by_person"),)

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """The page of the case; everybody sees only their own."""
        return reverse("accounts:proofing_case")

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.status in self.OPEN

    # One-row verbs -------------------------------------------------------------------------

    def hear(self, *, by: models.Model, at: datetime) -> None:
        """Notes that the check by phone took place, and who led it."""
        self.phone_by_id = by.pk
        self.phone_at = at

    def see(self, documents: list[str], *, by: models.Model, at: datetime) -> None:
        """Notes which kinds of documents were seen, and by whom."""
        self.documents = documents
        self.manual_by_id = by.pk
        self.manual_at = at

    def pass_on(self) -> None:
        """Goes on to the check of documents."""
        self.status = self.Status.MANUAL

    def prove(self, way: str, *, at: datetime) -> None:
        """Closes the case: the identity is proven, in this way."""
        self.status = self.Status.PROVEN
        self.proven_by = way
        self.closed_at = at

    def close_unproven(self, *, at: datetime) -> None:
        """Closes the case: nothing proves the identity."""
        self.status = self.Status.NOT_PROVEN
        self.closed_at = at
