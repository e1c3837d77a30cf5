"""The bank's stamp. The triggers that change it are made after each migrate: questions/stamp.py."""

from django.db import migrations, models


def unwatch(apps, schema_editor):
    from questions import stamp

    stamp.unwatch(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("questions", "0004_what_was_loaded")]

    operations = [
        migrations.CreateModel(
            name="BankStamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.CharField(max_length=36)),
            ],
        ),
        migrations.RunPython(migrations.RunPython.noop, unwatch),
    ]
