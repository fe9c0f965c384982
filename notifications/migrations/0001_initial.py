"""The outbox, and the mailbox that the embedded default delivers to."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MailboxMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="time")),
                ("sender", models.CharField(max_length=320, verbose_name="from")),
                ("to", models.CharField(max_length=320, verbose_name="to")),
                ("subject", models.CharField(max_length=255, verbose_name="subject")),
                ("message_id", models.CharField(max_length=120, verbose_name="Message-ID")),
                ("headers", models.JSONField(verbose_name="headers")),
                ("body_text", models.TextField(verbose_name="text")),
                ("body_html", models.TextField(verbose_name="HTML")),
                (
                    "channel",
                    models.CharField(
                        choices=[("mail", "Mail"), ("text", "Text message"), ("call", "Call")],
                        db_default="mail",
                        default="mail",
                        max_length=4,
                        verbose_name="channel",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivered mail",
                "verbose_name_plural": "delivered mails",
                "ordering": ("-id",),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("message_id", "to"), name="mailbox_mail_once_a_person"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="mail")),
                ("to", models.CharField(max_length=320, verbose_name="to")),
                ("message_id", models.CharField(max_length=120, verbose_name="Message-ID")),
                (
                    "dedupe_key",
                    models.CharField(max_length=200, null=True, verbose_name="once-only key"),
                ),
                ("created_at", models.DateTimeField(verbose_name="written at")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("next_try_at", models.DateTimeField(verbose_name="next attempt")),
                ("claim", models.UUIDField(null=True, verbose_name="claim")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent at")),
                (
                    "last_error",
                    models.CharField(blank=True, max_length=500, verbose_name="last error"),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("context", models.JSONField(default=dict, verbose_name="facts")),
            ],
            options={
                "verbose_name": "mail",
                "verbose_name_plural": "mails",
                "ordering": ("-id",),
                "default_permissions": ("view", "retry"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ("queued", "sending"))),
                        fields=["next_try_at", "id"],
                        name="outbox_due",
                    ),
                    models.Index(
                        condition=models.Q(("status", "failed")),
                        fields=["-id"],
                        name="outbox_failed",
                    ),
                    models.Index(
                        condition=models.Q(("status", "sent")),
                        fields=["sent_at"],
                        name="outbox_sent",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("status", "sent")),
                            models.Q(
                                models.Q(("status", "sent"), _negated=True),
                                ("sent_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="outbox_sent_at_exactly_when_sent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claim__isnull", False), ("status", "sending")),
                            models.Q(
                                models.Q(("status", "sending"), _negated=True),
                                ("claim__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="outbox_claim_exactly_while_sending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to__regex", "[\\r\\n]"), _negated=True),
                        name="outbox_one_line_address",
                    ),
                    models.UniqueConstraint(fields=("message_id",), name="outbox_message_id_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("dedupe_key__isnull", False)),
                        fields=("dedupe_key",),
                        name="outbox_dedupe_key_once",
                    ),
                ],
            },
        ),
    ]
