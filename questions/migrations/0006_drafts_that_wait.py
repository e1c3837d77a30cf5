"""Which drafts a load made, so that it publishes these once they were played and no others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("questions", "0005_bank_stamp")]

    operations = [
        migrations.AddField(
            model_name="question",
            name="waits_for_play",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="a load made it a draft, and publishes it once somebody has played it",
            ),
        ),
    ]
