"""Which content of a case file was loaded last, so that a load leaves an edit of the site alone."""

from django.db import migrations, models


def fill(apps, schema_editor):
    """Take a case that has one version for loaded; of one with more it is not known which was.

    Left empty, the next load keeps what is current where the file's content was current before.
    """
    for question in apps.get_model("questions", "Question").objects.all():
        hashes = list(question.versions.values_list("content_hash", flat=True)[:2])
        if len(hashes) == 1:
            question.loaded_hash = hashes[0]
            question.save(update_fields=["loaded_hash"])


class Migration(migrations.Migration):

    dependencies = [
        ('questions', '0003_finding_and_talking'),
    ]

    operations = [
        migrations.AddField(
            model_name='question',
            name='loaded_hash',
            field=models.CharField(blank=True, default='', editable=False, help_text='content of the case file loaded last; empty: none, or none that is known', max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
