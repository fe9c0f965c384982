"""Systems, roles, approval rules, help desks and their search indexes."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models
from django.db.models.functions import Coalesce, Concat, Lower, NullIf, Replace

import catalog.validators

# Every name of a system stands on a line of its own in the column that is searched for names.
LINE_END, COMMA, COMMA_SPACE = (
    models.Value(text, output_field=models.TextField()) for text in ("\n", ",", ", ")
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "delivered_digest",
                    models.CharField(blank=True, db_default="", editable=False, max_length=64),
                ),
            ],
            options={
                "verbose_name": "category",
                "verbose_name_plural": "categories",
                "ordering": ["order", "name"],
            },
        ),
        migrations.CreateModel(
            name="System",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("acronym", models.CharField(blank=True, max_length=60, verbose_name="acronym")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "synonyms",
                    models.TextField(
                        blank=True,
                        help_text="Former and spoken names, separated by commas.",
                        verbose_name="other names",
                    ),
                ),
                ("web_address", models.URLField(blank=True, verbose_name="web address")),
                (
                    "precondition",
                    models.TextField(
                        blank=True,
                        help_text="What a person has to do first, elsewhere.",
                        verbose_name="before you ask",
                    ),
                ),
                (
                    "reapply_wait_minutes",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="How long a person waits after removing a role before asking again.",
                        verbose_name="wait after removal (minutes)",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(default=True, verbose_name="shown in the catalog"),
                ),
                (
                    "delivered_digest",
                    models.CharField(
                        blank=True,
                        db_default="",
                        editable=False,
                        help_text="Fingerprint of the data file's entry; empty for systems made by hand.",
                        max_length=64,
                    ),
                ),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.CombinedSearchVector(
                            django.contrib.postgres.search.SearchVector(
                                "acronym", "name", "synonyms", config="simple", weight="A"
                            ),
                            "||",
                            django.contrib.postgres.search.SearchVector(
                                "name", "synonyms", "description", config="english", weight="D"
                            ),
                            django.contrib.postgres.search.SearchConfig("simple"),
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="systems",
                        to="catalog.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="catalog.system",
                        verbose_name="part of",
                    ),
                ),
                (
                    "names",
                    models.GeneratedField(
                        db_persist=True,
                        expression=Lower(
                            Concat(
                                LINE_END,
                                "acronym",
                                LINE_END,
                                "name",
                                LINE_END,
                                Replace(Replace("synonyms", COMMA_SPACE, COMMA), COMMA, LINE_END),
                                LINE_END,
                                output_field=models.TextField(),
                            )
                        ),
                        output_field=models.TextField(),
                    ),
                ),
            ],
            options={
                "verbose_name": "system",
                "verbose_name_plural": "systems",
                "ordering": ["name", "id"],
                "permissions": [
                    ("decide_requests", "Decides requests for every role of this system"),
                    ("own_system", "Owns this system"),
                    ("support_users", "Helps the people of this system"),
                ],
                "indexes": [
                    models.Index(
                        Lower(Coalesce(NullIf("acronym", models.Value("")), "name")),
                        models.F("name"),
                        models.F("id"),
                        name="system_by_title",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search"], name="system_search"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["names"], name="system_trigram", opclasses=["gin_trgm_ops"]
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("end_user", "End user"),
                            ("approver", "Approver"),
                            ("help_desk", "Help desk"),
                            ("business_owner", "Business owner"),
                            ("official", "Official of an organization"),
                        ],
                        default="end_user",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="what it is for")),
                (
                    "required_ial",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Self-asserted"), (2, "Identity proofed")],
                        default=1,
                        verbose_name="identity assurance",
                    ),
                ),
                (
                    "required_aal",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Password"), (2, "Password and a second factor")],
                        default=1,
                        verbose_name="sign-in strength",
                    ),
                ),
                (
                    "is_default",
                    models.BooleanField(
                        default=False,
                        help_text="Given by the portal because the source documents name no role.",
                        verbose_name="default role",
                    ),
                ),
                (
                    "is_delivered",
                    models.BooleanField(
                        db_default=False,
                        editable=False,
                        help_text="Comes from the data files; roles made by hand are never retired by them.",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="can be asked for")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roles",
                        to="catalog.system",
                    ),
                ),
                (
                    "excludes",
                    models.ManyToManyField(
                        blank=True, to="catalog.role", verbose_name="cannot be held together with"
                    ),
                ),
            ],
            options={
                "verbose_name": "role",
                "verbose_name_plural": "roles",
                "ordering": ["system", "order", "id"],
                "permissions": [("decide_requests", "Decides requests for this role")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("system", "code"), name="role_code_once_per_system"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HelpDesk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                (
                    "phones",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            max_length=60, validators=[catalog.validators.phone]
                        ),
                        blank=True,
                        default=list,
                        help_text="Separated by commas.",
                        size=None,
                        verbose_name="phones",
                    ),
                ),
                (
                    "tty",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[catalog.validators.phone],
                        verbose_name="TTY",
                    ),
                ),
                (
                    "fax",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[catalog.validators.phone],
                        verbose_name="fax",
                    ),
                ),
                (
                    "emails",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.EmailField(max_length=254),
                        blank=True,
                        default=list,
                        help_text="Separated by commas.",
                        size=None,
                        verbose_name="e-mail addresses",
                    ),
                ),
                ("hours", models.CharField(blank=True, max_length=300, verbose_name="hours")),
                ("web_address", models.URLField(blank=True, verbose_name="web address")),
                ("notes", models.TextField(blank=True, verbose_name="notes")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="help_desks",
                        to="catalog.system",
                    ),
                ),
            ],
            options={
                "verbose_name": "help desk",
                "verbose_name_plural": "help desks",
                "ordering": ["system", "order", "id"],
            },
        ),
        migrations.CreateModel(
            name="SystemGroupObjectPermission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="catalog.system"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.group"),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "unique_together": {("group", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="SystemUserObjectPermission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="catalog.system"
                    ),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
                "unique_together": {("user", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="ApprovalRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                (
                    "approver",
                    models.CharField(
                        choices=[
                            ("role", "Holders of a role"),
                            ("assigned", "People assigned by object permission"),
                        ],
                        max_length=10,
                        verbose_name="approver",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("any", "Any organization"),
                            ("same_organization", "Same organization as the requester"),
                        ],
                        default="any",
                        max_length=20,
                        verbose_name="scope",
                    ),
                ),
                (
                    "approver_role",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approves",
                        to="catalog.role",
                        verbose_name="approver role",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approval_rules",
                        to="catalog.role",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval rule",
                "verbose_name_plural": "approval rules",
                "ordering": ["role", "order"],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=models.Deferrable.DEFERRED,
                        fields=("role", "order"),
                        name="one_rule_per_rung",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approver", "role"), ("approver_role__isnull", False)),
                            models.Q(("approver", "assigned"), ("approver_role__isnull", True)),
                            _connector="OR",
                        ),
                        name="rule_names_a_role_exactly_when_needed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleAttribute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60, verbose_name="code")),
                ("label", models.CharField(max_length=120, verbose_name="label")),
                (
                    "help_text",
                    models.CharField(blank=True, max_length=300, verbose_name="help text"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "One line of text"),
                            ("long_text", "Text"),
                            ("choice", "Choice from a list"),
                            ("organization", "Organization"),
                        ],
                        default="text",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("required", models.BooleanField(default=True, verbose_name="required")),
                (
                    "choices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="choices",
                    ),
                ),
                (
                    "pattern",
                    models.CharField(
                        blank=True,
                        help_text="Regular expression that the whole answer has to match.",
                        max_length=200,
                        validators=[catalog.validators.pattern],
                        verbose_name="pattern",
                    ),
                ),
                (
                    "pattern_hint",
                    models.CharField(blank=True, max_length=200, verbose_name="what to enter"),
                ),
                (
                    "max_length",
                    models.PositiveSmallIntegerField(
                        default=200,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="longest answer",
                    ),
                ),
                (
                    "may_be_new",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="An organization not known yet is registered when the request is approved.",
                        verbose_name="may name a new organization",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attributes",
                        to="catalog.role",
                    ),
                ),
            ],
            options={
                "verbose_name": "role attribute",
                "verbose_name_plural": "role attributes",
                "ordering": ["role", "order", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("role", "code"), name="attribute_code_once_per_role"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "choice"), _negated=True),
                            ("choices__len__gt", 0),
                            _connector="OR",
                        ),
                        name="choice_attribute_has_choices",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleGroupObjectPermission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="catalog.role"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.group"),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "unique_together": {("group", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="RoleUserObjectPermission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "content_object",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="catalog.role"
                    ),
                ),
                (
                    "permission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
                "unique_together": {("user", "permission", "content_object")},
            },
        ),
    ]
