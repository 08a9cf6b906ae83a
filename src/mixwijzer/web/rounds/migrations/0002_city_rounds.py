"""City rounds: homes and candidates that are divided together."""

import django.db.models.deletion
import django.db.models.manager
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_shared_cache'),
        ('letting', '0006_matching'),
        ('rounds', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CityRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('made_at', models.DateTimeField()),
                ('key', models.UUIDField()),
                ('state', models.CharField(choices=[('prepared', 'set out'), ('computed', 'computed'), ('recomputed', 'computed anew'), ('released', 'released to the partners'), ('adopted', 'adopted'), ('executed', 'carried out'), ('dropped', 'withdrawn')], default='prepared', max_length=10)),
                ('moved_at', models.DateTimeField()),
                ('work', models.CharField(blank=True, choices=[('', 'nothing'), ('waiting', 'waits its turn'), ('running', 'being computed')], default='', max_length=10)),
                ('run', models.UUIDField(null=True)),
                ('alive_at', models.DateTimeField(null=True)),
                ('done', models.PositiveSmallIntegerField(default=0)),
                ('trouble', models.JSONField(default=dict)),
                ('runs', models.PositiveSmallIntegerField(default=0)),
                ('computed_at', models.DateTimeField(null=True)),
                ('inputs', models.JSONField(default=dict)),
                ('inputs_hash', models.CharField(default='', max_length=64)),
                ('result', models.JSONField(default=dict)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('moved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('owner', 'key'), name='city_round_key_once'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['prepared', 'computed', 'recomputed', 'released', 'adopted', 'executed', 'dropped'])), name='city_round_state_known'),
                    models.CheckConstraint(condition=models.Q(('work__in', ['', 'waiting', 'running'])), name='city_round_work_known'),
                ],
            },
            managers=[
                ('of_everybody', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='CityPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('candidate', models.CharField(max_length=20)),
                ('held', models.BooleanField(default=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('city_round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='rounds.cityround')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('city_round', 'candidate'), name='city_person_once'),
                    models.UniqueConstraint(condition=models.Q(('held', True)), fields=('owner', 'candidate'), name='city_person_held_once'),
                ],
            },
            managers=[
                ('of_everybody', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='CityHome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('place', models.PositiveSmallIntegerField()),
                ('held', models.BooleanField(default=True)),
                ('candidate', models.CharField(default='', max_length=20)),
                ('left_because', models.CharField(blank=True, choices=[('candidate_declines', 'The candidate does not choose this home'), ('candidate_housed', 'The candidate found another home'), ('home_gone', 'The home is no longer free'), ('decided_otherwise', 'It was decided otherwise about the home')], default='', max_length=20)),
                ('settled_at', models.DateTimeField(null=True)),
                ('match', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='letting.match')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('vacancy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='letting.vacancy')),
                ('city_round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='homes', to='rounds.cityround')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('city_round', 'vacancy'), name='city_home_once'),
                    models.UniqueConstraint(condition=models.Q(('held', True)), fields=('vacancy',), name='city_home_held_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('left_because', ''), ('match__isnull', True), ('settled_by__isnull', True)), models.Q(('left_because', ''), ('match__isnull', False), ('settled_by__isnull', False)), models.Q(('left_because__in', ['candidate_declines', 'candidate_housed', 'home_gone', 'decided_otherwise']), ('match__isnull', True), ('settled_by__isnull', False)), _connector='OR'), name='city_home_settled_whole'),
                ],
            },
            managers=[
                ('of_everybody', django.db.models.manager.Manager()),
            ],
        ),
    ]
