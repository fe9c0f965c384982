"""The log of events, its chain of seals, and the entries that wait for a seal."""

import uuid

import django.contrib.postgres.indexes
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
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="entry key"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="time")),
                ("tag", models.CharField(max_length=80, verbose_name="event")),
                (
                    "actor_label",
                    models.CharField(blank=True, max_length=200, verbose_name="actor name"),
                ),
                (
                    "target_type",
                    models.CharField(blank=True, max_length=100, verbose_name="kind of object"),
                ),
                (
                    "target_id",
                    models.CharField(blank=True, max_length=64, verbose_name="object key"),
                ),
                (
                    "target_label",
                    models.CharField(blank=True, max_length=200, verbose_name="object"),
                ),
                ("before", models.JSONField(null=True, verbose_name="before")),
                ("after", models.JSONField(null=True, verbose_name="after")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("success", "Success"),
                            ("refused", "Refused"),
                            ("failed", "Failed"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "address",
                    models.GenericIPAddressField(null=True, verbose_name="network address"),
                ),
                ("request_id", models.CharField(blank=True, max_length=64, verbose_name="request")),
                (
                    "session_hash",
                    models.CharField(blank=True, max_length=64, verbose_name="session"),
                ),
                (
                    "assurance",
                    models.CharField(blank=True, max_length=40, verbose_name="assurance"),
                ),
                (
                    "mac",
                    models.CharField(
                        editable=False, max_length=64, verbose_name="authentication code"
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="actor",
                    ),
                ),
                (
                    "on_behalf_of",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="on behalf of",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "ordering": ("-id",),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["tag", "-id"], name="audit_entry_by_tag"),
                    models.Index(fields=["actor", "-id"], name="audit_entry_by_actor"),
                    models.Index(
                        condition=models.Q(("on_behalf_of__isnull", False)),
                        fields=["on_behalf_of", "-id"],
                        name="audit_entry_by_principal",
                    ),
                    models.Index(
                        fields=["target_type", "target_id", "-id"], name="audit_entry_by_target"
                    ),
                    models.Index(
                        condition=models.Q(("outcome", "success"), _negated=True),
                        fields=["outcome", "-id"],
                        name="audit_entry_not_success",
                    ),
                    django.contrib.postgres.indexes.BrinIndex(
                        autosummarize=True,
                        fields=["at"],
                        name="audit_entry_by_time",
                        pages_per_range=16,
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tag__regex", "^[a-z][a-z0-9_]*:[a-z][a-z0-9_]*$")),
                        name="audit_entry_tag_is_subject_action",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["success", "refused", "failed"])),
                        name="audit_entry_outcome_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnsealedEntry",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="audit.auditentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry to seal",
                "verbose_name_plural": "entries to seal",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                (
                    "seq",
                    models.BigIntegerField(primary_key=True, serialize=False, verbose_name="place"),
                ),
                ("prev_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="link",
                        to="audit.auditentry",
                        verbose_name="entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "seal",
                "verbose_name_plural": "seals",
                "ordering": ("seq",),
                "default_permissions": (),
            },
        ),
    ]
