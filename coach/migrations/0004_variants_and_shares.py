"""A seed for other numbers on an attempt, and links that open one case."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coach', '0003_language_model'),
        ('questions', '0003_finding_and_talking'),
        ('universities', '0003_language_model'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='variant',
            field=models.PositiveIntegerField(blank=True, help_text="seed of the case's other numbers; empty: its own", null=True),
        ),
        migrations.CreateModel(
            name='ShareLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('note', models.CharField(blank=True, help_text='whom it is for', max_length=120)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='share_links', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='questions.question')),
                ('university', models.ForeignKey(blank=True, help_text="whose staff made it; empty: the site's", null=True, on_delete=django.db.models.deletion.CASCADE, related_name='share_links', to='universities.university')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='ShareGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visitor_hash', models.CharField(blank=True, db_index=True, max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='share_grants', to=settings.AUTH_USER_MODEL)),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='coach.sharelink')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('user__isnull', False), models.Q(('visitor_hash', ''), _negated=True), _connector='OR'), name='grant_has_a_user_or_a_visitor'), models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('link', 'user'), name='one_grant_a_link_and_user'), models.UniqueConstraint(condition=models.Q(('user__isnull', True)), fields=('link', 'visitor_hash'), name='one_grant_a_link_and_visitor')],
            },
        ),
    ]
