"""The subject of a question and the full-text index, each database in its own way."""

import django.db.models.deletion
from django.db import migrations, models

SQLITE = """
CREATE VIRTUAL TABLE questions_search USING fts5(
    title, names, body, tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3'
)
"""
# No foreign key: the index is rewritten from the questions, and a flush of the tables of the
# models (which tests do) would be refused by a table that Django does not know.
POSTGRES = [
    # English stems without a list of stop words: "other" may be what somebody looks for.
    "CREATE TEXT SEARCH DICTIONARY questions_stem (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION questions_search (COPY = pg_catalog.english)",
    "ALTER TEXT SEARCH CONFIGURATION questions_search ALTER MAPPING FOR asciiword, word,"
    " asciihword, hword, hword_asciipart, hword_part WITH questions_stem",
    "CREATE TABLE questions_search (question_id bigint PRIMARY KEY, document tsvector NOT NULL)",
    "CREATE INDEX questions_search_document ON questions_search USING gin (document)",
]


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRES:
            schema_editor.execute(statement)
    else:
        schema_editor.execute(SQLITE)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE questions_search")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TEXT SEARCH CONFIGURATION questions_search")
        schema_editor.execute("DROP TEXT SEARCH DICTIONARY questions_stem")


class Migration(migrations.Migration):
    dependencies = [("questions", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(name="question", options={"ordering": ["title", "id"]}),
        migrations.AddField(
            model_name="question",
            name="about",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="questions.company",
            ),
        ),
        migrations.RunPython(create, drop),
    ]
