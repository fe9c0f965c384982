"""What an approver said: final decisions, and questions sent back to the requester."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access_requests.models.requests import AccessRequest


class Decision(models.Model):
    """The one final answer to a request; the database refuses to change or delete it."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("Approved")
        DENIED = "denied", _("Denied")

    access_request = models.OneToOneField(AccessRequest, models.PROTECT, related_name="decision")
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    comment = models.TextField(_("comment"), blank=True)
    capacity = models.CharField(
        _("decided as"), max_length=200, help_text=_("The rule by which the approver could decide.")
    )
    form_key = models.UUIDField(
        null=True, unique=True, help_text=_("Tells a repeated form from a second decision.")
    )
    decided_at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(approver=models.F("requester")),
                name="nobody_decides_their_own_request",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="approved") | ~models.Q(comment=""),
                name="a_denial_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.access_request_id} {self.outcome}"


class InformationRequest(models.Model):
    """A question that an approver sent back, and the requester's answer."""

    access_request = models.ForeignKey(
        AccessRequest, models.PROTECT, related_name="information_requests"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    question = models.TextField(_("question"))
    asked_at = models.DateTimeField(_("asked"))
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    form_key = models.UUIDField(null=True, unique=True)

    class Meta:
        verbose_name = _("information request")
        verbose_name_plural = _("information requests")
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["access_request"],
                condition=models.Q(answered_at__isnull=True),
                name="one_open_question_per_request",
            ),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="an_answer_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.question[:60]
