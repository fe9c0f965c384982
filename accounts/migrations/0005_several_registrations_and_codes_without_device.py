"""Several registrations may wait for one address; codes outlive their device; more is counted."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_devices_codes_and_session_strength"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="registration",
            name="one_pending_registration_per_email",
        ),
        migrations.AlterField(
            model_name="securitycode",
            name="device",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="security_codes",
                to="accounts.mfadevice",
            ),
        ),
        migrations.AlterField(
            model_name="throttlecounter",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("password_stranger", "Password, unknown browser"),
                    ("password_known", "Password, known browser"),
                    ("password_address", "Password, client address"),
                    ("second_factor", "Second factor, account"),
                    ("code_target", "Security codes to set up, phone number or mail address"),
                    ("register_address", "Registration, client address"),
                    ("register_mail", "Registration mail, address"),
                    ("activation", "Password of a registration, link"),
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
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "pending")),
                fields=("email_key", "browser_hash"),
                name="one_pending_registration_per_email_and_browser",
            ),
        ),
    ]
