"""MFA devices, the codes the portal gives, and the sessions that know how strong they are."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clock


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("django_otp_webauthn", "0004_webauthnuserhandle"),
    ]

    operations = [
        migrations.CreateModel(
            name="MFADevice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="The human-readable name of this device.", max_length=64
                    ),
                ),
                (
                    "confirmed",
                    models.BooleanField(default=True, help_text="Is this device ready for use?"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("passkey", "Passkey or security key"),
                            ("app_phone", "Authenticator app on a phone"),
                            ("app_computer", "Authenticator app on a computer"),
                            ("text", "Text message (SMS)"),
                            ("voice", "Voice call"),
                            ("email", "E-mail"),
                            ("recovery", "Recovery code"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("is_default", models.BooleanField(default=False, verbose_name="default")),
                ("phone", models.CharField(blank=True, max_length=16, verbose_name="phone number")),
                (
                    "extension",
                    models.CharField(blank=True, max_length=10, verbose_name="extension"),
                ),
                ("seed", models.CharField(blank=True, editable=False, max_length=300)),
                ("last_step", models.BigIntegerField(editable=False, null=True)),
                (
                    "created_at",
                    models.DateTimeField(default=clock.now, editable=False, verbose_name="added"),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="confirmed"),
                ),
                (
                    "last_used_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last used"),
                ),
                (
                    "credential",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mfa_device",
                        to="django_otp_webauthn.webauthncredential",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mfa_devices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "MFA device",
                "verbose_name_plural": "MFA devices",
                "ordering": ("-is_default", "created_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("user",),
                        name="one_default_device_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed", True), ("confirmed_at__isnull", False)),
                            models.Q(("confirmed", False), ("confirmed_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="device_confirmed_at_exactly_when_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_default", False), ("confirmed", True), _connector="OR"
                        ),
                        name="device_default_only_when_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["app_phone", "app_computer"]),
                                ("phone", ""),
                                models.Q(("seed", ""), _negated=True),
                            ),
                            models.Q(
                                ("kind__in", ["text", "voice"]),
                                models.Q(("phone", ""), _negated=True),
                                ("seed", ""),
                            ),
                            models.Q(
                                ("kind__in", ["email", "passkey", "recovery"]),
                                ("phone", ""),
                                ("seed", ""),
                            ),
                            _connector="OR",
                        ),
                        name="device_has_what_its_kind_needs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("credential__isnull", False), ("kind", "passkey")),
                            models.Q(
                                models.Q(("kind", "passkey"), _negated=True),
                                ("credential__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="device_credential_exactly_when_passkey",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PortalSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("last_activity_at", models.DateTimeField()),
                ("address", models.GenericIPAddressField(null=True)),
                ("user_agent", models.CharField(blank=True, max_length=300)),
                (
                    "aal",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Password"), (2, "Password and a second factor")], default=1
                    ),
                ),
                ("security_version", models.PositiveIntegerField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("signed_out", "Logged out"),
                            ("idle", "Too long without activity"),
                            ("absolute", "Longest time reached"),
                            ("too_many", "Too many sessions at once"),
                            ("replaced", "Signed in again in the same browser"),
                            ("account_changed", "Account closed or its security changed"),
                            ("by_owner", "Ended by its owner from another session"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="portal_sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("rules_checked_at", models.DateTimeField(null=True)),
                ("factor", models.CharField(blank=True, max_length=20)),
                (
                    "strength",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Password only"),
                            (1, "A code that was sent or written down"),
                            (2, "An authenticator app, passkey or security key"),
                        ],
                        default=0,
                    ),
                ),
                ("verified_at", models.DateTimeField(default=clock.now)),
                (
                    "device",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.mfadevice",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["user", "-created_at"],
                        name="session_open_by_user",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["last_activity_at"],
                        name="session_open_by_activity",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_reason", ""), ("ended_at__isnull", True)),
                            models.Q(
                                ("ended_at__isnull", False),
                                models.Q(("end_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="session_ended_at_exactly_when_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SecurityCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sent", "Sent to a device"),
                            ("one_time", "One-Time Security Code"),
                            ("recovery", "Recovery code"),
                        ],
                        max_length=10,
                    ),
                ),
                ("channel", models.CharField(blank=True, max_length=20)),
                ("nonce", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("target_hash", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField(default=clock.now)),
                ("expires_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("replaced_at", models.DateTimeField(null=True)),
                (
                    "device",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="security_codes",
                        to="accounts.mfadevice",
                    ),
                ),
                (
                    "issued_by",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="security_codes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("replaced_at__isnull", True), ("used_at__isnull", True)
                        ),
                        fields=["user", "kind"],
                        name="codes_open_by_user",
                    ),
                    models.Index(
                        fields=["user", "channel", "-created_at"], name="codes_sent_by_user"
                    ),
                    models.Index(fields=["created_at"], name="codes_by_age"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("used_at__isnull", True),
                            ("replaced_at__isnull", True),
                            _connector="OR",
                        ),
                        name="code_used_or_replaced_not_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "recovery"), ("expires_at__isnull", False), _connector="OR"
                        ),
                        name="code_expires_unless_recovery",
                    ),
                ],
            },
        ),
    ]
