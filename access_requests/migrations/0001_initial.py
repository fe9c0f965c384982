"""Requests for access, their decisions, and the grants that came from them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
        ("organizations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "tracking_number",
                    models.CharField(
                        editable=False, max_length=10, null=True, verbose_name="tracking number"
                    ),
                ),
                (
                    "organization_name",
                    models.CharField(blank=True, max_length=200, verbose_name="organization"),
                ),
                ("answers", models.JSONField(default=dict, verbose_name="answers")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("pending", "Pending"),
                            ("returned", "Returned for information"),
                            ("approved", "Approved"),
                            ("denied", "Denied"),
                            ("withdrawn", "Canceled"),
                            ("expired", "Expired"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="begun")),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="submitted")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                (
                    "court",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rule", "Approvers named by the rules of the role"),
                            ("owner", "Owner of the system"),
                            ("help_desk", "Portal help desk"),
                        ],
                        max_length=10,
                        verbose_name="who decides",
                    ),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(
                        default=1,
                        help_text="Counts changes of what the requester wrote.",
                        verbose_name="revision",
                    ),
                ),
                (
                    "waiting_since",
                    models.DateTimeField(
                        help_text="When the present party was asked to act.",
                        null=True,
                        verbose_name="waiting since",
                    ),
                ),
                (
                    "reminders_sent",
                    models.PositiveSmallIntegerField(default=0, verbose_name="reminders sent"),
                ),
                ("reminded_at", models.DateTimeField(null=True, verbose_name="last reminded")),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_requests",
                        to="organizations.organization",
                    ),
                ),
                (
                    "requester",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_requests",
                        to="catalog.role",
                    ),
                ),
                (
                    "routed_rule",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="catalog.approvalrule",
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_requests",
                        to="catalog.system",
                    ),
                ),
                (
                    "typed",
                    models.JSONField(
                        editable=False,
                        help_text="What a draft's form holds, right or wrong, beyond what the draft says.",
                        null=True,
                        verbose_name="typed so far",
                    ),
                ),
            ],
            options={
                "verbose_name": "access request",
                "verbose_name_plural": "access requests",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "pending")),
                        fields=["routed_rule", "organization", "submitted_at", "id"],
                        name="queue_by_rule",
                    ),
                    models.Index(
                        condition=models.Q(("status", "pending")),
                        fields=["court", "system", "submitted_at", "id"],
                        name="queue_by_court",
                    ),
                    models.Index(
                        fields=["requester", "-submitted_at"], name="requests_of_a_person"
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ["pending", "returned"])),
                        fields=["waiting_since"],
                        name="open_requests_by_age",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["pending", "returned"])),
                        fields=("requester", "role", "organization"),
                        name="one_open_request_per_person_role_and_organization",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "draft")),
                        fields=("requester", "system"),
                        name="one_draft_per_person_and_system",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "draft"), ("submitted_at__isnull", True)),
                            models.Q(
                                models.Q(("status", "draft"), _negated=True),
                                ("role__isnull", False),
                                ("submitted_at__isnull", False),
                                ("tracking_number__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="submitted_exactly_when_no_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", True),
                                ("status__in", ["draft", "pending", "returned"]),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("status__in", ["approved", "denied", "withdrawn", "expired"]),
                            ),
                            _connector="OR",
                        ),
                        name="closed_at_exactly_when_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "pending"), _negated=True),
                            models.Q(("court", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="pending_request_has_a_court",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["pending", "returned"]), _negated=True),
                            ("waiting_since__isnull", False),
                            _connector="OR",
                        ),
                        name="open_request_waits_since",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reminded_at__isnull", True), ("reminders_sent", 0)),
                            models.Q(("reminded_at__isnull", False), ("reminders_sent__gt", 0)),
                            _connector="OR",
                        ),
                        name="reminder_has_a_time",
                    ),
                    models.UniqueConstraint(
                        fields=("tracking_number",), name="one_request_per_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "draft"), ("typed__isnull", True), _connector="OR"
                        ),
                        name="typed_in_drafts_only",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("approved", "Approved"), ("denied", "Denied")],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("comment", models.TextField(blank=True, verbose_name="comment")),
                (
                    "capacity",
                    models.CharField(
                        help_text="The rule by which the approver could decide.",
                        max_length=200,
                        verbose_name="decided as",
                    ),
                ),
                (
                    "form_key",
                    models.UUIDField(
                        help_text="Tells a repeated form from a second decision.",
                        null=True,
                        unique=True,
                    ),
                ),
                ("decided_at", models.DateTimeField(verbose_name="decided")),
                (
                    "access_request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="access_requests.accessrequest",
                    ),
                ),
                (
                    "approver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "requester",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("approver", models.F("requester")), _negated=True),
                        name="nobody_decides_their_own_request",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", "approved"),
                            models.Q(("comment", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_denial_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organization_name",
                    models.CharField(blank=True, max_length=200, verbose_name="organization"),
                ),
                ("started_at", models.DateTimeField(verbose_name="since")),
                ("certify_by", models.DateField(verbose_name="to be certified by")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("removed", "Removed by the holder"),
                            ("revoked", "Revoked"),
                            ("lapsed", "Not certified in time"),
                            ("account_disabled", "Account disabled"),
                        ],
                        max_length=20,
                        verbose_name="why it ended",
                    ),
                ),
                ("end_note", models.TextField(blank=True, verbose_name="note on the end")),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grant",
                        to="access_requests.decision",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="organizations.organization",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="catalog.role",
                    ),
                ),
            ],
            options={
                "verbose_name": "grant",
                "verbose_name_plural": "grants",
                "permissions": [("revoke_grant", "Revokes roles that people hold")],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["role", "organization"],
                        name="holders_of_a_role",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["certify_by"],
                        name="grants_by_certification_date",
                    ),
                    models.Index(fields=["person", "-started_at"], name="grants_of_a_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("person", "role", "organization"),
                        name="one_active_grant_per_person_role_and_organization",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_reason", ""), ("ended_at__isnull", True)),
                            models.Q(
                                ("ended_at__isnull", False),
                                models.Q(("end_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_end_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            ("ended_at__gte", models.F("started_at")),
                            _connector="OR",
                        ),
                        name="ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InformationRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.TextField(verbose_name="question")),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
                ("form_key", models.UUIDField(null=True, unique=True)),
                (
                    "access_request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="information_requests",
                        to="access_requests.accessrequest",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "information request",
                "verbose_name_plural": "information requests",
                "ordering": ["asked_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("access_request",),
                        name="one_open_question_per_request",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True)),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="an_answer_has_a_time",
                    ),
                ],
            },
        ),
    ]
