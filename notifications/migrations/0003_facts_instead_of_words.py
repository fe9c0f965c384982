"""The outbox keeps the facts of a mail; what was written in words before stays in these words."""

from typing import Any

from django.db import migrations, models


def _keep_words(apps: Any, schema_editor: Any) -> None:
    """Give mails with words a template that repeats them; sent ones keep their subject alone."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            UPDATE notifications_outboxmessage
               SET name = 'as_written',
                   context = CASE status WHEN 'sent' THEN jsonb_build_object('subject', subject)
                       ELSE jsonb_build_object(
                           'subject', subject, 'text', body_text, 'html', body_html)
                       END
        """)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_channel_of_the_mailbox")]

    operations = [
        migrations.AddField(
            model_name="outboxmessage",
            name="language",
            field=models.CharField(default="en-us", max_length=10, verbose_name="language"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="context",
            field=models.JSONField(default=dict, verbose_name="facts"),
        ),
        migrations.RunPython(_keep_words, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="outboxmessage", name="outbox_one_line_headers"),
        migrations.RemoveField(model_name="outboxmessage", name="subject"),
        migrations.RemoveField(model_name="outboxmessage", name="body_text"),
        migrations.RemoveField(model_name="outboxmessage", name="body_html"),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("to__regex", "[\\r\\n]"), _negated=True),
                name="outbox_one_line_address",
            ),
        ),
        migrations.AlterField(
            model_name="outboxmessage",
            name="message_id",
            field=models.CharField(max_length=120, verbose_name="Message-ID"),
        ),
        migrations.AlterField(
            model_name="outboxmessage",
            name="dedupe_key",
            field=models.CharField(max_length=200, null=True, verbose_name="once-only key"),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.UniqueConstraint(
                fields=("message_id",), name="outbox_message_id_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.UniqueConstraint(
                fields=("dedupe_key",),
                condition=models.Q(("dedupe_key__isnull", False)),
                name="outbox_dedupe_key_once",
            ),
        ),
    ]
