"""Drafts, schedules and audiences of questions; discussion, collections, requests."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def keep_what_was_published(apps, schema_editor):
    questions = apps.get_model("questions", "Question").objects
    questions.filter(is_published=True).update(published_at=models.F("created_at"))


def forget_when(apps, schema_editor):
    questions = apps.get_model("questions", "Question").objects
    questions.filter(published_at__isnull=True).update(is_published=False)


class Migration(migrations.Migration):

    dependencies = [
        ('questions', '0002_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='question',
            name='audience',
            field=models.CharField(choices=[('everybody', 'Everybody'), ('members', 'Members of a university')], default='everybody', max_length=10),
        ),
        migrations.AddField(
            model_name='question',
            name='published_at',
            field=models.DateTimeField(blank=True, help_text='empty: a draft; in the future: scheduled', null=True),
        ),
        migrations.AddField(
            model_name='question',
            name='retired_at',
            field=models.DateTimeField(blank=True, help_text='no longer shown from then on; attempts keep their case', null=True),
        ),
        migrations.RunPython(keep_what_was_published, forget_when),
        migrations.RemoveField(
            model_name='question',
            name='is_published',
        ),
        migrations.CreateModel(
            name='Collection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80)),
                ('kind', models.CharField(choices=[('company_guide', 'Company guide'), ('path', 'Path'), ('list', 'My list')], max_length=14)),
                ('title', models.CharField(max_length=80)),
                ('summary', models.CharField(blank=True, max_length=240)),
                ('text', models.TextField(blank=True, help_text='Markdown')),
                ('skill', models.CharField(blank=True, help_text='the step a path trains', max_length=20)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('company', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='guides', to='questions.company')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='collections', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['kind', 'title', 'id'],
            },
        ),
        migrations.CreateModel(
            name='CollectionItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('note', models.CharField(blank=True, max_length=300)),
                ('collection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='questions.collection')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='questions.question')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('comment', 'Comment'), ('question', 'Question')], default='comment', max_length=8)),
                ('text', models.TextField(blank=True)),
                ('html', models.TextField(blank=True, help_text='the text, rendered and cleaned once')),
                ('spoils', models.BooleanField(default=True)),
                ('score', models.IntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('deleted_at', models.DateTimeField(blank=True, help_text='by its author', null=True)),
                ('hidden_at', models.DateTimeField(blank=True, help_text='by a moderator', null=True)),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='comments', to=settings.AUTH_USER_MODEL)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='questions.comment')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='questions.question')),
            ],
            options={
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='CommentReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('spoiler', 'It gives the solution away and is not marked'), ('unkind', 'It is unkind or attacks somebody'), ('personal', 'It tells something private about a person'), ('spam', 'It advertises, or has nothing to do with the case'), ('copied', 'It is copied from somewhere else'), ('other', 'Something else')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decision', models.CharField(blank=True, choices=[('kept', 'Kept'), ('marked', 'Marked as a spoiler'), ('hidden', 'Hidden')], max_length=8)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='questions.comment')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reporter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comment_reports', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='CommentVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='questions.comment')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comment_votes', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='QuestionRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('details', models.CharField(blank=True, max_length=1000)),
                ('company', models.CharField(blank=True, max_length=80)),
                ('state', models.CharField(choices=[('open', 'Open'), ('planned', 'Planned'), ('done', 'Written'), ('declined', 'Not planned')], default='open', max_length=8)),
                ('score', models.IntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='question_requests', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='questions.question')),
            ],
            options={
                'ordering': ['-score', '-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='RequestVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='questions.questionrequest')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='request_votes', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='WeekCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('monday', models.DateField(unique=True)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='questions.question')),
            ],
            options={
                'ordering': ['-monday'],
            },
        ),
        migrations.CreateModel(
            name='Asked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='its first day')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='questions.company')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asked', to='questions.question')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asked', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'asked',
                'ordering': ['-month', '-id'],
                'constraints': [models.UniqueConstraint(fields=('question', 'company', 'user'), name='asked_once_by_a_company')],
            },
        ),
        migrations.AddConstraint(
            model_name='collection',
            constraint=models.UniqueConstraint(condition=models.Q(('owner__isnull', True)), fields=('slug',), name='one_slug_a_guide_or_path'),
        ),
        migrations.AddConstraint(
            model_name='collection',
            constraint=models.UniqueConstraint(condition=models.Q(('owner__isnull', False)), fields=('owner', 'slug'), name='one_slug_a_list_of_a_person'),
        ),
        migrations.AddConstraint(
            model_name='collection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'list'), ('owner__isnull', False)), models.Q(models.Q(('kind', 'list'), _negated=True), ('owner__isnull', True)), _connector='OR'), name='lists_have_owners_and_others_none'),
        ),
        migrations.AddConstraint(
            model_name='collectionitem',
            constraint=models.UniqueConstraint(fields=('collection', 'question'), name='a_question_once_in_a_collection'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['question', 'created_at'], name='comment_of_a_question'),
        ),
        migrations.AddConstraint(
            model_name='commentreport',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True)), fields=('comment', 'reporter'), name='one_open_report_a_person_and_comment'),
        ),
        migrations.AddConstraint(
            model_name='commentvote',
            constraint=models.UniqueConstraint(fields=('comment', 'user'), name='one_vote_a_comment'),
        ),
        migrations.AddConstraint(
            model_name='requestvote',
            constraint=models.UniqueConstraint(fields=('request', 'user'), name='one_vote_a_request'),
        ),
    ]
