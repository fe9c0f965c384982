"""Puts every name of a system on a line of its own. A generated column is made anew."""

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models.functions import Concat, Lower, Replace

LINE_END, COMMA, COMMA_SPACE = (
    models.Value(text, output_field=models.TextField()) for text in ("\n", ",", ", ")
)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_an_answer_has_a_letter")]

    operations = [
        migrations.RemoveIndex(model_name="system", name="system_trigram"),
        migrations.RemoveField(model_name="system", name="names"),
        migrations.AddField(
            model_name="system",
            name="names",
            field=models.GeneratedField(
                db_persist=True,
                expression=Lower(
                    Concat(
                        LINE_END,
                        "acronym",
                        LINE_END,
                        "name",
                        LINE_END,
                        Replace(
                            Replace("synonyms", COMMA_SPACE, COMMA),
                            COMMA,
                            LINE_END,
                        ),
                        LINE_END,
                        output_field=models.TextField(),
                    )
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="system",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["names"], name="system_trigram", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
