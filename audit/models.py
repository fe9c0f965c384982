"""Rows of the audit log, and the links that chain them so that later changes are seen."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

TAG_PATTERN = r"^[a-z][a-z0-9_]*:[a-z][a-z0-9_]*$"


class Outcome(models.TextChoices):
    SUCCESS = "success", _("Success")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")


class AuditEntry(models.Model):
    """One thing that happened. Written once by ``audit.events``, never changed, never deleted.

    ``uid`` is drawn at random for every entry and covered by ``mac``, so that a copy of a row
    cannot pass as a second event. ``mac`` authenticates all columns but ``id``, which the
    database gives and the chain link covers.
    """

    uid = models.UUIDField(_("entry key"), default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(_("time"))
    tag = models.CharField(_("event"), max_length=80)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    actor_label = models.CharField(_("actor name"), max_length=200, blank=True)
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("on behalf of"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    target_type = models.CharField(_("kind of object"), max_length=100, blank=True)
    target_id = models.CharField(_("object key"), max_length=64, blank=True)
    target_label = models.CharField(_("object"), max_length=200, blank=True)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    reason = models.TextField(_("reason"), blank=True)
    address = models.GenericIPAddressField(_("network address"), null=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    session_hash = models.CharField(_("session"), max_length=64, blank=True)
    assurance = models.CharField(_("assurance"), max_length=40, blank=True)
    mac = models.CharField(_("authentication code"), max_length=64, editable=False)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ("-id",)
        default_permissions = ("view",)
        constraints = (
            models.CheckConstraint(
                name="audit_entry_tag_is_subject_action",
                condition=models.Q(tag__regex=TAG_PATTERN),
            ),
            models.CheckConstraint(
                name="audit_entry_outcome_known",
                condition=models.Q(outcome__in=Outcome.values),
            ),
        )
        indexes = (
            models.Index(fields=("tag", "-id"), name="audit_entry_by_tag"),
            models.Index(fields=("actor", "-id"), name="audit_entry_by_actor"),
            models.Index(
                fields=("on_behalf_of", "-id"),
                name="audit_entry_by_principal",
                condition=models.Q(on_behalf_of__isnull=False),
            ),
            models.Index(fields=("target_type", "target_id", "-id"), name="audit_entry_by_target"),
            models.Index(
                fields=("outcome", "-id"),
                name="audit_entry_not_success",
                condition=~models.Q(outcome="success"),
            ),
            BrinIndex(
                fields=("at",), name="audit_entry_by_time", pages_per_range=16, autosummarize=True
            ),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.tag}"


class AuditLink(models.Model):
    """The seal of one entry: its place in the chain and a hash that covers all before it.

    ``seq`` runs 1, 2, 3 … without a gap, in the order of sealing (which need not be the order
    of entry ids: a transaction may commit after a later one was sealed).
    """

    seq = models.BigIntegerField(_("place"), primary_key=True)
    entry = models.OneToOneField(
        AuditEntry, verbose_name=_("entry"), on_delete=models.PROTECT, related_name="link"
    )
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ("seq",)
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.seq}"


class UnsealedEntry(models.Model):
    """The waiting list of the sealer, filled by a trigger on ``AuditEntry`` in the same statement.

    It exists so that sealing finds new rows without reading the whole log, and finds a row that
    became visible late. No database constraint ties it to the entry: a line whose entry has gone
    is the trace of a deletion.
    """

    entry = models.OneToOneField(
        AuditEntry,
        primary_key=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
    )

    class Meta:
        verbose_name = _("entry to seal")
        verbose_name_plural = _("entries to seal")
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.entry_id}"
