"""Mails on their way out, and the mails that the embedded default keeps instead of sending."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from notifications import letters


class OutboxMessage(models.Model):
    """One mail to one person, written in the transaction of what it tells about.

    While ``status`` is QUEUED or SENDING, ``next_try_at`` says when a worker may take it: for a
    claimed mail that is the end of the claim, so a mail whose worker was killed is taken again
    without anybody's help. ``claim`` names the worker's claim; only its holder may settle it.

    ``context`` keeps what the mail tells about; its words are made when they are needed, in
    ``language``. That takes less room, and no time from the page that wrote the mail.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    name = models.CharField(_("mail"), max_length=80)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    to = models.CharField(_("to"), max_length=320)
    language = models.CharField(_("language"), max_length=10)
    context = models.JSONField(_("facts"), default=dict)
    message_id = models.CharField(_("Message-ID"), max_length=120)
    dedupe_key = models.CharField(_("once-only key"), max_length=200, null=True)
    created_at = models.DateTimeField(_("written at"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"))
    claim = models.UUIDField(_("claim"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ("-id",)
        default_permissions = ("view", "retry")
        constraints = (
            # Not unique=True: that adds an index for LIKE, which nobody asks for, to each.
            models.UniqueConstraint(fields=("message_id",), name="outbox_message_id_once"),
            models.UniqueConstraint(
                fields=("dedupe_key",),
                condition=models.Q(dedupe_key__isnull=False),
                name="outbox_dedupe_key_once",
            ),
            models.CheckConstraint(
                name="outbox_sent_at_exactly_when_sent",
                condition=models.Q(status="sent", sent_at__isnull=False)
                | (~models.Q(status="sent") & models.Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="outbox_claim_exactly_while_sending",
                condition=models.Q(status="sending", claim__isnull=False)
                | (~models.Q(status="sending") & models.Q(claim__isnull=True)),
            ),
            models.CheckConstraint(
                name="outbox_one_line_address",
                condition=~models.Q(to__regex=r"[\r\n]"),
            ),
        )
        indexes = (
            models.Index(
                fields=("next_try_at", "id"),
                name="outbox_due",
                condition=models.Q(status__in=("queued", "sending")),
            ),
            models.Index(
                fields=("-id",), name="outbox_failed", condition=models.Q(status="failed")
            ),
            models.Index(
                fields=("sent_at",), name="outbox_sent", condition=models.Q(status="sent")
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"

    @cached_property
    def letter(self) -> letters.Letter:
        """The words of the mail, made of its facts; markers stand where its links will be."""
        return letters.write(self.name, self.context, self.language)

    @property
    def subject(self) -> str:
        """The subject line; made alone, for lists. The name of a mail that cannot be written."""
        try:
            return letters.subject(self.name, self.context, self.language)
        except (TemplateDoesNotExist, TemplateSyntaxError):
            return self.name

    @property
    def body_text(self) -> str:
        """The text part."""
        return self.letter.text

    @property
    def body_html(self) -> str:
        """The HTML part."""
        return self.letter.html


class MailboxMessage(models.Model):
    """One message that the embedded default delivered to its own page instead of sending it."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("Mail")
        TEXT = "text", _("Text message")
        CALL = "call", _("Call")

    channel = models.CharField(
        _("channel"), max_length=4, choices=Channel, default=Channel.MAIL, db_default=Channel.MAIL
    )
    at = models.DateTimeField(_("time"))
    sender = models.CharField(_("from"), max_length=320)
    to = models.CharField(_("to"), max_length=320)
    subject = models.CharField(_("subject"), max_length=255)
    message_id = models.CharField(_("Message-ID"), max_length=120)
    headers = models.JSONField(_("headers"))
    body_text = models.TextField(_("text"))
    body_html = models.TextField(_("HTML"))

    class Meta:
        verbose_name = _("delivered mail")
        verbose_name_plural = _("delivered mails")
        ordering = ("-id",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("message_id", "to"), name="mailbox_mail_once_a_person"),
        )

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"
