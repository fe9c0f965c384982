"""A draft keeps what was typed and is not right yet, beside what it says."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access_requests", "0003_indices_that_are_read")]

    operations = [
        migrations.AddField(
            model_name="accessrequest",
            name="typed",
            field=models.JSONField(
                editable=False,
                help_text="What a draft's form holds, right or wrong, beyond what the draft says.",
                null=True,
                verbose_name="typed so far",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(status="draft") | models.Q(typed__isnull=True),
                name="typed_in_drafts_only",
            ),
        ),
    ]
