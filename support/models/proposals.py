"""What one agent proposes and another has to confirm, because it opens a way into an account."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from support.models.contacts import Contact


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Ways to look proposals up."""

    def open(self, on: datetime) -> "ProposalQuerySet":
        """Return those that still wait for a second agent."""
        return self.filter(state=Proposal.State.OPEN, expires_at__gt=on)


class Proposal(models.Model):
    """The removal of all second factors of a person. The second agent's word carries it out."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for a second agent")
        DONE = "done", _("Carried out")
        DROPPED = "dropped", _("Dropped")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="help_desk_proposals"
    )
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="proposals")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"))
    reason = models.CharField(_("reason"), max_length=300)
    not_before = models.DateTimeField(_("not before"))
    expires_at = models.DateTimeField(_("expires"))
    security_version = models.PositiveIntegerField()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("person",),
                condition=models.Q(state="open"),
                name="one_open_proposal_per_person",
            ),
            models.CheckConstraint(
                name="proposal_decided_exactly_when_not_open",
                condition=models.Q(state="open", decided_at__isnull=True, decided_by__isnull=True)
                | (~models.Q(state="open") & models.Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="proposal_confirmed_by_somebody_else",
                condition=~models.Q(state="done")
                | (
                    models.Q(decided_by__isnull=False)
                    & ~models.Q(decided_by=models.F("proposed_by"))
                    & ~models.Q(decided_by=models.F("person"))
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.get_state_display()}"

    def decide(self, to: "Proposal.State", *, by: models.Model | None, at: datetime) -> None:
        """Close the proposal; raises ValueError when it was closed before."""
        if self.state != self.State.OPEN:
            raise ValueError(f"a {self.state} proposal is decided")
        self.state, self.decided_by_id, self.decided_at = to, by.pk if by else None, at
