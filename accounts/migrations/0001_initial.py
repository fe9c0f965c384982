"""People, and what registration, recovery, proofing and disowned changes keep."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Reverse, Upper

import clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_name", models.CharField(max_length=60, verbose_name="first name")),
                (
                    "middle_name",
                    models.CharField(blank=True, max_length=60, verbose_name="middle name"),
                ),
                ("last_name", models.CharField(max_length=60, verbose_name="last name")),
                ("suffix", models.CharField(blank=True, max_length=10, verbose_name="suffix")),
                (
                    "address_line_1",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="home address line 1"
                    ),
                ),
                (
                    "address_line_2",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="home address line 2"
                    ),
                ),
                ("city", models.CharField(blank=True, max_length=60, verbose_name="city")),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("AL", "Alabama"),
                            ("AK", "Alaska"),
                            ("AZ", "Arizona"),
                            ("AR", "Arkansas"),
                            ("CA", "California"),
                            ("CO", "Colorado"),
                            ("CT", "Connecticut"),
                            ("DE", "Delaware"),
                            ("FL", "Florida"),
                            ("GA", "Georgia"),
                            ("HI", "Hawaii"),
                            ("ID", "Idaho"),
                            ("IL", "Illinois"),
                            ("IN", "Indiana"),
                            ("IA", "Iowa"),
                            ("KS", "Kansas"),
                            ("KY", "Kentucky"),
                            ("LA", "Louisiana"),
                            ("ME", "Maine"),
                            ("MD", "Maryland"),
                            ("MA", "Massachusetts"),
                            ("MI", "Michigan"),
                            ("MN", "Minnesota"),
                            ("MS", "Mississippi"),
                            ("MO", "Missouri"),
                            ("MT", "Montana"),
                            ("NE", "Nebraska"),
                            ("NV", "Nevada"),
                            ("NH", "New Hampshire"),
                            ("NJ", "New Jersey"),
                            ("NM", "New Mexico"),
                            ("NY", "New York"),
                            ("NC", "North Carolina"),
                            ("ND", "North Dakota"),
                            ("OH", "Ohio"),
                            ("OK", "Oklahoma"),
                            ("OR", "Oregon"),
                            ("PA", "Pennsylvania"),
                            ("RI", "Rhode Island"),
                            ("SC", "South Carolina"),
                            ("SD", "South Dakota"),
                            ("TN", "Tennessee"),
                            ("TX", "Texas"),
                            ("UT", "Utah"),
                            ("VT", "Vermont"),
                            ("VA", "Virginia"),
                            ("WA", "Washington"),
                            ("WV", "West Virginia"),
                            ("WI", "Wisconsin"),
                            ("WY", "Wyoming"),
                            ("DC", "District of Columbia"),
                            ("AS", "American Samoa"),
                            ("GU", "Guam"),
                            ("MP", "Northern Mariana Islands"),
                            ("PR", "Puerto Rico"),
                            ("VI", "U.S. Virgin Islands"),
                            ("AA", "Armed Forces Americas"),
                            ("AE", "Armed Forces Europe"),
                            ("AP", "Armed Forces Pacific"),
                        ],
                        max_length=2,
                        verbose_name="state or territory",
                    ),
                ),
                ("zip_code", models.CharField(blank=True, max_length=5, verbose_name="ZIP code")),
                (
                    "zip_extension",
                    models.CharField(blank=True, max_length=4, verbose_name="ZIP+4 extension"),
                ),
                ("phone", models.CharField(blank=True, max_length=16, verbose_name="phone number")),
                (
                    "language",
                    models.CharField(
                        default="en", max_length=10, verbose_name="preferred language"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("user_id", models.CharField(max_length=74, unique=True, verbose_name="User ID")),
                ("user_id_key", models.CharField(editable=False, max_length=222, unique=True)),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("email_key", models.CharField(editable=False, max_length=762, unique=True)),
                (
                    "ial",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Self-asserted"), (2, "Identity proofed")],
                        default=1,
                        verbose_name="identity assurance",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("is_staff", models.BooleanField(default=False, verbose_name="staff")),
                ("security_version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(default=clock.now, editable=False, verbose_name="created"),
                ),
                (
                    "last_sign_in_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last sign-in"),
                ),
                ("password_changed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "deactivated_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="deactivated"),
                ),
                (
                    "deactivation_reason",
                    models.CharField(blank=True, editable=False, max_length=300),
                ),
                (
                    "proofed_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="identity proofed"
                    ),
                ),
                (
                    "contrast",
                    models.CharField(
                        blank=True,
                        choices=[("standard", "Standard colors"), ("high", "High contrast")],
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "motion",
                    models.CharField(
                        blank=True,
                        choices=[("standard", "As the browser says"), ("reduced", "No movement")],
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "text_size",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("standard", "Standard text"),
                            ("large", "Large text"),
                            ("largest", "Largest text"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "expired_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="expired unused"),
                ),
                (
                    "frozen_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="frozen by its owner"
                    ),
                ),
                (
                    "has_mfa",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="has an MFA device"
                    ),
                ),
                (
                    "has_strong_factor",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="has a strong MFA device"
                    ),
                ),
                ("mfa_offered_at", models.DateTimeField(editable=False, null=True)),
                (
                    "suspended_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="suspended"),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ("user_id_key",),
                "indexes": [
                    models.Index(fields=["last_name", "first_name"], name="user_by_name"),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            Upper("first_name"), name="text_pattern_ops"
                        ),
                        name="user_first_name_begins",
                    ),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            Upper("last_name"), name="text_pattern_ops"
                        ),
                        name="user_last_name_begins",
                    ),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            Reverse("phone"), name="text_pattern_ops"
                        ),
                        name="user_phone_ends",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("user_id_key__gt", ""), ("email_key__gt", "")),
                        name="user_keys_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_active", False), ("deactivated_at__isnull", True), _connector="OR"
                        ),
                        name="user_deactivated_at_only_when_inactive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ial__in", [1, 2])), name="user_ial_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_active", False),
                            models.Q(("expired_at__isnull", True), ("frozen_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="user_frozen_or_expired_only_when_inactive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("has_mfa", True), ("has_strong_factor", False), _connector="OR"
                        ),
                        name="user_strong_factor_is_a_factor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_active", False), ("suspended_at__isnull", True), _connector="OR"
                        ),
                        name="user_suspended_at_only_when_inactive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChallengeAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "question",
                    models.CharField(
                        choices=[
                            ("disliked_food", "Which food did you refuse to eat as a child?"),
                            ("stuffed_animal", "What did you call your first stuffed animal?"),
                            (
                                "first_prize",
                                "For what did you receive your first medal, ribbon or prize?",
                            ),
                            ("childhood_toy", "Which toy did you play with most as a child?"),
                            ("first_game", "What was the first computer or board game you owned?"),
                            ("film_line", "Which line from a film do you quote most often?"),
                            (
                                "team_mascot",
                                "What was the mascot of the first team you played for?",
                            ),
                            ("first_music", "What was the first album or song you bought?"),
                            ("artwork", "Which painting or sculpture do you like best?"),
                            ("family_dessert", "Which dessert did a grandparent make best?"),
                            ("first_dish", "What was the first dish you learned to cook?"),
                            ("dream_job", "As a child, what did you want to become?"),
                            ("met_partner", "In which place did you meet your spouse or partner?"),
                            ("holiday_place", "Where did you spend your best holiday?"),
                            ("new_year_2000", "Where were you when the year 2000 began?"),
                            ("best_speaker", "Which speaker or teacher impressed you most?"),
                            (
                                "book_character",
                                "Which character from a book would you like to meet?",
                            ),
                            ("athlete", "Which athlete did you admire first?"),
                        ],
                        max_length=40,
                    ),
                ),
                ("hash", models.CharField(max_length=200)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="challenge_answers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "question"), name="one_answer_per_question"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PasswordHistory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hash", models.CharField(max_length=200)),
                ("set_at", models.DateTimeField(default=clock.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="password_history",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-set_at"], name="password_history_newest")
                ],
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_name", models.CharField(max_length=60, verbose_name="first name")),
                (
                    "middle_name",
                    models.CharField(blank=True, max_length=60, verbose_name="middle name"),
                ),
                ("last_name", models.CharField(max_length=60, verbose_name="last name")),
                ("suffix", models.CharField(blank=True, max_length=10, verbose_name="suffix")),
                (
                    "address_line_1",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="home address line 1"
                    ),
                ),
                (
                    "address_line_2",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="home address line 2"
                    ),
                ),
                ("city", models.CharField(blank=True, max_length=60, verbose_name="city")),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("AL", "Alabama"),
                            ("AK", "Alaska"),
                            ("AZ", "Arizona"),
                            ("AR", "Arkansas"),
                            ("CA", "California"),
                            ("CO", "Colorado"),
                            ("CT", "Connecticut"),
                            ("DE", "Delaware"),
                            ("FL", "Florida"),
                            ("GA", "Georgia"),
                            ("HI", "Hawaii"),
                            ("ID", "Idaho"),
                            ("IL", "Illinois"),
                            ("IN", "Indiana"),
                            ("IA", "Iowa"),
                            ("KS", "Kansas"),
                            ("KY", "Kentucky"),
                            ("LA", "Louisiana"),
                            ("ME", "Maine"),
                            ("MD", "Maryland"),
                            ("MA", "Massachusetts"),
                            ("MI", "Michigan"),
                            ("MN", "Minnesota"),
                            ("MS", "Mississippi"),
                            ("MO", "Missouri"),
                            ("MT", "Montana"),
                            ("NE", "Nebraska"),
                            ("NV", "Nevada"),
                            ("NH", "New Hampshire"),
                            ("NJ", "New Jersey"),
                            ("NM", "New Mexico"),
                            ("NY", "New York"),
                            ("NC", "North Carolina"),
                            ("ND", "North Dakota"),
                            ("OH", "Ohio"),
                            ("OK", "Oklahoma"),
                            ("OR", "Oregon"),
                            ("PA", "Pennsylvania"),
                            ("RI", "Rhode Island"),
                            ("SC", "South Carolina"),
                            ("SD", "South Dakota"),
                            ("TN", "Tennessee"),
                            ("TX", "Texas"),
                            ("UT", "Utah"),
                            ("VT", "Vermont"),
                            ("VA", "Virginia"),
                            ("WA", "Washington"),
                            ("WV", "West Virginia"),
                            ("WI", "Wisconsin"),
                            ("WY", "Wyoming"),
                            ("DC", "District of Columbia"),
                            ("AS", "American Samoa"),
                            ("GU", "Guam"),
                            ("MP", "Northern Mariana Islands"),
                            ("PR", "Puerto Rico"),
                            ("VI", "U.S. Virgin Islands"),
                            ("AA", "Armed Forces Americas"),
                            ("AE", "Armed Forces Europe"),
                            ("AP", "Armed Forces Pacific"),
                        ],
                        max_length=2,
                        verbose_name="state or territory",
                    ),
                ),
                ("zip_code", models.CharField(blank=True, max_length=5, verbose_name="ZIP code")),
                (
                    "zip_extension",
                    models.CharField(blank=True, max_length=4, verbose_name="ZIP+4 extension"),
                ),
                ("phone", models.CharField(blank=True, max_length=16, verbose_name="phone number")),
                (
                    "language",
                    models.CharField(
                        default="en", max_length=10, verbose_name="preferred language"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting for the link"),
                            ("activated", "Activated"),
                            ("superseded", "Replaced by a newer one"),
                        ],
                        default="pending",
                        max_length=12,
                    ),
                ),
                ("user_id", models.CharField(max_length=74)),
                ("user_id_key", models.CharField(max_length=222)),
                ("email", models.EmailField(max_length=254)),
                ("email_key", models.CharField(max_length=762)),
                ("password", models.CharField(max_length=200)),
                ("answers", models.JSONField(default=dict)),
                ("browser_hash", models.CharField(max_length=64)),
                ("terms_version", models.CharField(max_length=20)),
                ("terms_accepted_at", models.DateTimeField()),
                ("address", models.GenericIPAddressField(null=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("link_number", models.PositiveIntegerField(default=1)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="registration_by_expiry")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "pending")),
                        fields=("email_key",),
                        name="one_pending_registration_per_email",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("status", "pending")),
                            models.Q(
                                models.Q(("status", "pending"), _negated=True),
                                ("finished_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="registration_finished_at_exactly_when_over",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TermsAcceptance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("document", models.CharField(max_length=80)),
                ("version", models.CharField(max_length=20)),
                ("accepted_at", models.DateTimeField(default=clock.now)),
                ("address", models.GenericIPAddressField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms_acceptances",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "document", "-accepted_at"], name="terms_newest")
                ],
            },
        ),
        migrations.CreateModel(
            name="ThrottleCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("password_stranger", "Password, unknown browser"),
                            ("password_known", "Password, known browser"),
                            ("password_address", "Password, client address"),
                            ("second_factor", "Second factor, account"),
                            ("register_address", "Registration, client address"),
                            ("register_mail", "Registration mail, address"),
                            ("user_id_address", "Forgotten User ID, client address"),
                            ("user_id_mail", "Forgotten User ID, mail address"),
                            ("proofing", "Identity proofing online, account"),
                            ("challenge_answers", "Challenge questions, account"),
                            ("challenge_address", "Challenge questions, client address"),
                            ("reset_address", "Forgotten password, client address"),
                            ("reset_mail", "Forgotten password, account"),
                            ("unlock_address", "Unlocking, client address"),
                            ("unlock_mail", "Unlocking, account"),
                            ("password_change", "Password, when changing it"),
                            ("email_change_person", "Change of e-mail, person"),
                            ("email_change_mail", "Change of e-mail, new address"),
                        ],
                        max_length=30,
                    ),
                ),
                ("key_hash", models.CharField(max_length=64)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("window_started_at", models.DateTimeField()),
                ("closed_until", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["window_started_at"], name="throttle_by_age")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("purpose", "key_hash"), name="one_counter_per_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BusinessContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("company", models.CharField(blank=True, max_length=100, verbose_name="company")),
                (
                    "job_title",
                    models.CharField(blank=True, max_length=60, verbose_name="job title"),
                ),
                (
                    "address_line_1",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="business address line 1"
                    ),
                ),
                (
                    "address_line_2",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="business address line 2"
                    ),
                ),
                ("city", models.CharField(blank=True, max_length=60, verbose_name="city")),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("AL", "Alabama"),
                            ("AK", "Alaska"),
                            ("AZ", "Arizona"),
                            ("AR", "Arkansas"),
                            ("CA", "California"),
                            ("CO", "Colorado"),
                            ("CT", "Connecticut"),
                            ("DE", "Delaware"),
                            ("FL", "Florida"),
                            ("GA", "Georgia"),
                            ("HI", "Hawaii"),
                            ("ID", "Idaho"),
                            ("IL", "Illinois"),
                            ("IN", "Indiana"),
                            ("IA", "Iowa"),
                            ("KS", "Kansas"),
                            ("KY", "Kentucky"),
                            ("LA", "Louisiana"),
                            ("ME", "Maine"),
                            ("MD", "Maryland"),
                            ("MA", "Massachusetts"),
                            ("MI", "Michigan"),
                            ("MN", "Minnesota"),
                            ("MS", "Mississippi"),
                            ("MO", "Missouri"),
                            ("MT", "Montana"),
                            ("NE", "Nebraska"),
                            ("NV", "Nevada"),
                            ("NH", "New Hampshire"),
                            ("NJ", "New Jersey"),
                            ("NM", "New Mexico"),
                            ("NY", "New York"),
                            ("NC", "North Carolina"),
                            ("ND", "North Dakota"),
                            ("OH", "Ohio"),
                            ("OK", "Oklahoma"),
                            ("OR", "Oregon"),
                            ("PA", "Pennsylvania"),
                            ("RI", "Rhode Island"),
                            ("SC", "South Carolina"),
                            ("SD", "South Dakota"),
                            ("TN", "Tennessee"),
                            ("TX", "Texas"),
                            ("UT", "Utah"),
                            ("VT", "Vermont"),
                            ("VA", "Virginia"),
                            ("WA", "Washington"),
                            ("WV", "West Virginia"),
                            ("WI", "Wisconsin"),
                            ("WY", "Wyoming"),
                            ("DC", "District of Columbia"),
                            ("AS", "American Samoa"),
                            ("GU", "Guam"),
                            ("MP", "Northern Mariana Islands"),
                            ("PR", "Puerto Rico"),
                            ("VI", "U.S. Virgin Islands"),
                            ("AA", "Armed Forces Americas"),
                            ("AE", "Armed Forces Europe"),
                            ("AP", "Armed Forces Pacific"),
                        ],
                        max_length=2,
                        verbose_name="state or territory",
                    ),
                ),
                ("zip_code", models.CharField(blank=True, max_length=5, verbose_name="ZIP code")),
                (
                    "zip_extension",
                    models.CharField(blank=True, max_length=4, verbose_name="ZIP+4 extension"),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True, max_length=16, verbose_name="business phone number"
                    ),
                ),
                (
                    "phone_extension",
                    models.CharField(blank=True, max_length=6, verbose_name="extension"),
                ),
                ("changed_at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="business_contact",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EmailChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("old_email", models.EmailField(max_length=254)),
                ("new_email", models.EmailField(max_length=254)),
                ("security_version", models.PositiveIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting for the new address"),
                            ("confirmed", "Confirmed"),
                            ("superseded", "Replaced by a newer one"),
                            ("canceled", "Canceled"),
                        ],
                        default="pending",
                        max_length=12,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="email_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "pending")),
                        fields=("user",),
                        name="one_pending_email_change_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("status", "pending")),
                            models.Q(
                                models.Q(("status", "pending"), _negated=True),
                                ("finished_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="email_change_finished_at_exactly_when_over",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InactivityNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("expires_on", models.DateField()),
                ("days_before", models.PositiveSmallIntegerField()),
                ("sent_at", models.DateTimeField(default=clock.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inactivity_notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "expires_on", "days_before"), name="inactivity_notice_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PasswordReset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("owner", "Asked for by the owner"),
                            ("help_desk", "Started by a help desk"),
                        ],
                        default="owner",
                        max_length=10,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("mailed", "Link mailed"),
                            ("waiting", "Waiting before the link is mailed"),
                            ("proven", "Second proof given"),
                            ("used", "Password set"),
                            ("over", "Given up, replaced or too late"),
                        ],
                        default="mailed",
                        max_length=10,
                    ),
                ),
                ("security_version", models.PositiveIntegerField()),
                ("email_key", models.CharField(max_length=762)),
                ("link_number", models.PositiveIntegerField(default=1)),
                ("requested_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("opens_at", models.DateTimeField(null=True)),
                ("proven_by", models.CharField(blank=True, max_length=20)),
                ("browser_hash", models.CharField(blank=True, max_length=64)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="password_resets",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "waiting")),
                        fields=["opens_at"],
                        name="password_reset_waiting",
                    ),
                    models.Index(fields=["expires_at"], name="password_reset_by_expiry"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("mailed", "waiting", "proven"))),
                        fields=("user",),
                        name="one_password_reset_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("finished_at__isnull", False), ("status__in", ("used", "over"))
                            ),
                            models.Q(
                                ("finished_at__isnull", True),
                                ("status__in", ("mailed", "waiting", "proven")),
                            ),
                            _connector="OR",
                        ),
                        name="password_reset_finished_at_exactly_when_over",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("browser_hash__gt", ""),
                                ("proven_by__gt", ""),
                                ("status", "proven"),
                            ),
                            models.Q(
                                models.Q(("status", "proven"), _negated=True), ("browser_hash", "")
                            ),
                            _connector="OR",
                        ),
                        name="password_reset_browser_exactly_when_proven",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RulesDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.SlugField(
                        help_text="For the rules of one system: the short name of the system.",
                        max_length=80,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("version", models.CharField(max_length=20, verbose_name="version")),
                (
                    "body",
                    models.TextField(
                        help_text="One rule a line. Who holds a role in the system accepts them.",
                        verbose_name="rules",
                    ),
                ),
                ("is_in_force", models.BooleanField(default=True, verbose_name="in force")),
            ],
            options={
                "verbose_name": "rules of a system",
                "verbose_name_plural": "rules of systems",
                "ordering": ("title",),
            },
        ),
        migrations.CreateModel(
            name="SecurityCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(max_length=12, unique=True, verbose_name="reference"),
                ),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("password_changed", "The password was changed"),
                            ("password_reset", "A new password was set after a recovery"),
                            ("recovery_started", "A password recovery was started"),
                            ("email_change_asked", "A change of the e-mail address was asked for"),
                            ("email_changed", "The e-mail address was changed"),
                            ("profile_changed", "The profile was changed"),
                            ("questions_changed", "The challenge questions were changed"),
                            ("device_added", "An MFA device was added"),
                            ("device_changed", "An MFA device was changed"),
                            ("device_removed", "An MFA device was removed"),
                            ("code_issued", "A one-time security code was issued"),
                            ("account_unlocked", "The account was unlocked"),
                            ("help_desk_acted", "A help desk worked on the account"),
                            ("identity_tried", "A proof of identity was tried"),
                            ("signed_in", "Somebody logged in"),
                        ],
                        max_length=30,
                        verbose_name="what was disowned",
                    ),
                ),
                ("event_at", models.DateTimeField(verbose_name="when it happened")),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("address", models.GenericIPAddressField(null=True, verbose_name="reported from")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                (
                    "resolution",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("returned", "Given back to its owner"),
                            ("false_alarm", "False alarm"),
                            ("closed", "Account stays closed"),
                        ],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="closed by",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="security_cases",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "took_proof_back",
                    models.BooleanField(
                        default=False, verbose_name="took a proof of identity back"
                    ),
                ),
            ],
            options={
                "verbose_name": "security case",
                "verbose_name_plural": "security cases",
                "ordering": ("-opened_at",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("user",),
                        name="one_open_security_case_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", True),
                                ("closed_by__isnull", True),
                                ("resolution", ""),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                models.Q(("resolution", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="security_case_closed_by_somebody_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Disavowal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("password_changed", "The password was changed"),
                            ("password_reset", "A new password was set after a recovery"),
                            ("recovery_started", "A password recovery was started"),
                            ("email_change_asked", "A change of the e-mail address was asked for"),
                            ("email_changed", "The e-mail address was changed"),
                            ("profile_changed", "The profile was changed"),
                            ("questions_changed", "The challenge questions were changed"),
                            ("device_added", "An MFA device was added"),
                            ("device_changed", "An MFA device was changed"),
                            ("device_removed", "An MFA device was removed"),
                            ("code_issued", "A one-time security code was issued"),
                            ("account_unlocked", "The account was unlocked"),
                            ("help_desk_acted", "A help desk worked on the account"),
                            ("identity_tried", "A proof of identity was tried"),
                            ("signed_in", "Somebody logged in"),
                        ],
                        max_length=30,
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("created_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disavowals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disavowals",
                        to="accounts.securitycase",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-created_at"], name="disavowal_newest"),
                    models.Index(fields=["created_at"], name="disavowal_by_age"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProofingAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("provider", models.CharField(max_length=100)),
                ("reference", models.CharField(blank=True, max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("checking", "The bureau is being asked"),
                            ("questions", "Questions are open"),
                            ("passed", "Identity proven"),
                            ("failed", "Identity not proven"),
                            ("trouble", "The bureau gave no answer"),
                        ],
                        default="checking",
                        max_length=10,
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_found", "The bureau knows nobody like this"),
                            ("thin_file", "The bureau knows too little for questions"),
                            ("wrong_answers", "Too many wrong answers"),
                            ("time_over", "Not answered in time"),
                            ("timeout", "The bureau took too long"),
                            ("garbage", "The bureau sent something that makes no sense"),
                            ("down", "The bureau could not be reached"),
                            ("interrupted", "The portal was interrupted"),
                        ],
                        max_length=20,
                    ),
                ),
                ("fails", models.PositiveSmallIntegerField(default=1)),
                ("set_number", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("terms_version", models.CharField(max_length=20)),
                ("terms_accepted_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proofing_attempts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "proofing attempt",
                "verbose_name_plural": "proofing attempts",
                "indexes": [
                    models.Index(fields=["user", "-created_at"], name="proofing_by_person"),
                    models.Index(
                        condition=models.Q(("status__in", ("checking", "questions"))),
                        fields=["due_at"],
                        name="proofing_open_by_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("checking", "questions"))),
                        fields=("user",),
                        name="one_open_proofing_attempt_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("finished_at__isnull", True),
                                ("status__in", ("checking", "questions")),
                            ),
                            models.Q(
                                models.Q(("status__in", ("checking", "questions")), _negated=True),
                                ("finished_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="proofing_finished_at_exactly_when_over",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ("failed", "trouble")),
                                models.Q(("cause", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status__in", ("failed", "trouble")), _negated=True),
                                ("cause", ""),
                            ),
                            _connector="OR",
                        ),
                        name="proofing_cause_exactly_when_not_proven",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProofingCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=20, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("phone", "Waiting for the check by phone"),
                            ("manual", "Waiting for the check of documents"),
                            ("proven", "Identity proven"),
                            ("not_proven", "Identity not proven"),
                        ],
                        default="phone",
                        max_length=12,
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("failed", "The check online failed too often"),
                            ("chosen", "The person asked for it"),
                        ],
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("phone_at", models.DateTimeField(null=True)),
                ("manual_at", models.DateTimeField(null=True)),
                (
                    "documents",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("drivers_license", "Driver's license"),
                                ("state_id", "State identification card"),
                                ("passport", "U.S. passport or passport card"),
                                ("military_id", "Military identification card"),
                                ("resident_card", "Permanent resident card"),
                                ("social_security_card", "Social Security card"),
                                ("birth_certificate", "Birth certificate"),
                                ("utility_bill", "Utility bill with name and address"),
                                ("bank_statement", "Bank statement with name and address"),
                                ("lease", "Lease or mortgage statement"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "proven_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("online", "Online"),
                            ("phone", "By phone"),
                            ("documents", "By documents"),
                            ("administration", "Recorded by an administrator"),
                        ],
                        max_length=20,
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "manual_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "phone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proofing_cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "proofing case",
                "verbose_name_plural": "proofing cases",
                "indexes": [
                    models.Index(fields=["user", "-opened_at"], name="proofing_case_by_person")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("phone", "manual"))),
                        fields=("user",),
                        name="one_open_proofing_case_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", True), ("status__in", ("phone", "manual"))
                            ),
                            models.Q(
                                models.Q(("status__in", ("phone", "manual")), _negated=True),
                                ("closed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="proofing_case_closed_at_exactly_when_over",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "proven"), models.Q(("proven_by", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("status", "proven"), _negated=True), ("proven_by", "")
                            ),
                            _connector="OR",
                        ),
                        name="proofing_case_way_exactly_when_proven",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("phone_by__isnull", True),
                                models.Q(("phone_by", models.F("user")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("manual_by__isnull", True),
                                models.Q(("manual_by", models.F("user")), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="proofing_case_judged_by_somebody_else",
                    ),
                ],
            },
        ),
    ]
