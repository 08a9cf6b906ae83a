"""An organisation's own words and texts, and the reasons that it offers at a decision."""

import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('letting', '0003_requests_by_hand'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OwnText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('replaced_at', models.DateTimeField(null=True)),
                ('key', models.CharField(max_length=60)),
                ('nl', models.CharField(default='', max_length=1000)),
                ('en', models.CharField(default='', max_length=1000)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True)), fields=('owner', 'key'), name='letting_owntext_current')],
            },
            managers=[
                ('of_everybody', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ReasonOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('replaced_at', models.DateTimeField(null=True)),
                ('kind', models.CharField(max_length=10)),
                ('code', models.CharField(max_length=30)),
                ('offered', models.BooleanField()),
                ('place', models.PositiveSmallIntegerField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True)), fields=('owner', 'kind', 'code'), name='letting_reasonoffer_current')],
            },
            managers=[
                ('of_everybody', django.db.models.manager.Manager()),
            ],
        ),
        AppendOnly("OwnText", closing=("replaced_at",)),
        AppendOnly("ReasonOffer", closing=("replaced_at",)),
    ]
