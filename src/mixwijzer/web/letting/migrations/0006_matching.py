"""Candidates, matches and their steps; a vacancy goes on after its decision."""

import django.db.models.deletion
import django.db.models.manager
import uuid
from django.conf import settings
from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_shared_cache'),
        ('letting', '0005_what_lies_ahead'),
        ('register', '0004_own_mappings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Candidate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('replaced_at', models.DateTimeField(null=True)),
                ('public_id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('number', models.CharField(max_length=20)),
                ('reference', models.CharField(max_length=40, null=True)),
                ('size', models.PositiveSmallIntegerField()),
                ('income_class', models.CharField(max_length=10, null=True)),
                ('registered', models.DateField()),
                ('priority', models.CharField(max_length=40, null=True)),
                ('target_group', models.CharField(max_length=80, null=True)),
                ('accessible_needed', models.BooleanField(default=False)),
                ('rests_until', models.DateField(null=True)),
                ('until_reassessed', models.BooleanField(default=False)),
                ('returned_from', models.CharField(default='', max_length=20)),
                ('keep_until', models.DateField()),
            ],
            managers=[
                ('of_everybody', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Condition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('support_agreed', 'support agreement signed'), ('house_rules', 'house rules signed'), ('introduction', 'met the neighbours'), ('home_ready', 'home ready and inspected'), ('rent_arranged', 'payment of the rent arranged')], max_length=30)),
                ('at', models.DateTimeField()),
                ('met_at', models.DateTimeField(null=True)),
            ],
            managers=[
                ('of_everybody', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Match',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('candidate', models.CharField(max_length=20)),
                ('state', models.CharField(choices=[('reserve', 'next in line'), ('proposed', 'proposed'), ('letting_check', 'check of the rules'), ('partner', 'answer of the partner'), ('talk', 'talk about conditions'), ('candidate', 'answer of the candidate'), ('contract', 'contract and key'), ('declining', 'refusal to be confirmed'), ('let', 'let'), ('declined', 'refused'), ('cancelled', 'called off'), ('expired', 'term passed'), ('released', 'no longer needed as next in line')], max_length=20)),
                ('held', models.CharField(blank=True, choices=[('reserve', 'next in line'), ('proposed', 'proposed'), ('letting_check', 'check of the rules'), ('partner', 'answer of the partner'), ('talk', 'talk about conditions'), ('candidate', 'answer of the candidate'), ('contract', 'contract and key'), ('declining', 'refusal to be confirmed'), ('let', 'let'), ('declined', 'refused'), ('cancelled', 'called off'), ('expired', 'term passed'), ('released', 'no longer needed as next in line')], default='', max_length=20)),
                ('way', models.JSONField(default=list)),
                ('line', models.PositiveSmallIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=1)),
                ('moved_at', models.DateTimeField()),
                ('contract_on', models.DateField(null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=30)),
                ('consequence', models.CharField(blank=True, choices=[('none', 'no consequence'), ('30', 'no proposals for 30 days'), ('60', 'no proposals for 60 days'), ('90', 'no proposals for 90 days'), ('180', 'no proposals for 180 days'), ('365', 'no proposals for 365 days'), ('until_reassessed', 'no proposals until somebody looked again')], default='', max_length=20)),
            ],
            managers=[
                ('of_everybody', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='MatchStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('hand', models.CharField(choices=[('consultant', 'housing consultant'), ('head', 'head of letting'), ('agent', 'letting agent'), ('partner', 'care partner'), ('contact', 'contact of the candidate'), ('system', 'Mixwijzer')], max_length=20)),
                ('act', models.CharField(max_length=20)),
                ('before', models.CharField(choices=[('reserve', 'next in line'), ('proposed', 'proposed'), ('letting_check', 'check of the rules'), ('partner', 'answer of the partner'), ('talk', 'talk about conditions'), ('candidate', 'answer of the candidate'), ('contract', 'contract and key'), ('declining', 'refusal to be confirmed'), ('let', 'let'), ('declined', 'refused'), ('cancelled', 'called off'), ('expired', 'term passed'), ('released', 'no longer needed as next in line')], max_length=20)),
                ('after', models.CharField(choices=[('reserve', 'next in line'), ('proposed', 'proposed'), ('letting_check', 'check of the rules'), ('partner', 'answer of the partner'), ('talk', 'talk about conditions'), ('candidate', 'answer of the candidate'), ('contract', 'contract and key'), ('declining', 'refusal to be confirmed'), ('let', 'let'), ('declined', 'refused'), ('cancelled', 'called off'), ('expired', 'term passed'), ('released', 'no longer needed as next in line')], max_length=20)),
                ('reason', models.CharField(default='', max_length=30)),
                ('facts', models.JSONField(default=dict)),
            ],
            managers=[
                ('of_everybody', django.db.models.manager.Manager()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='step',
            name='step_event_known',
        ),
        migrations.RemoveConstraint(
            model_name='vacancy',
            name='vacancy_state_known',
        ),
        migrations.AddField(
            model_name='vacancy',
            name='group',
            field=models.CharField(default='', max_length=80),
        ),
        migrations.AlterField(
            model_name='step',
            name='after',
            field=models.CharField(choices=[('noticed', 'own view asked'), ('viewed', 'own view given'), ('advised', 'waits for a decision'), ('second_reading', 'waits for a second reader'), ('decided', 'decided'), ('in_matching', 'looking for a candidate'), ('reserved', 'with a candidate'), ('let', 'let'), ('closed', 'closed')], max_length=20),
        ),
        migrations.AlterField(
            model_name='step',
            name='before',
            field=models.CharField(choices=[('noticed', 'own view asked'), ('viewed', 'own view given'), ('advised', 'waits for a decision'), ('second_reading', 'waits for a second reader'), ('decided', 'decided'), ('in_matching', 'looking for a candidate'), ('reserved', 'with a candidate'), ('let', 'let'), ('closed', 'closed')], max_length=20),
        ),
        migrations.AlterField(
            model_name='vacancy',
            name='state',
            field=models.CharField(choices=[('noticed', 'own view asked'), ('viewed', 'own view given'), ('advised', 'waits for a decision'), ('second_reading', 'waits for a second reader'), ('decided', 'decided'), ('in_matching', 'looking for a candidate'), ('reserved', 'with a candidate'), ('let', 'let'), ('closed', 'closed')], default='noticed', max_length=20),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('event__in', ['notice', 'answer', 'open', 'decide', 'propose', 'confirm', 'return', 'withdraw', 'hand_over', 'open_matching', 'stop_matching', 'reserve', 'free', 'let', 'close'])), name='step_event_known'),
        ),
        migrations.AddConstraint(
            model_name='vacancy',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['noticed', 'viewed', 'advised', 'second_reading', 'decided', 'in_matching', 'reserved', 'let', 'closed'])), name='vacancy_state_known'),
        ),
        migrations.AddField(
            model_name='candidate',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='candidate',
            name='owner',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='candidate',
            name='partner_organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='condition',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='condition',
            name='met_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='condition',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='condition',
            name='partner_organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='match',
            name='contact',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='match',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='match',
            name='partner_organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='match',
            name='vacancy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='letting.vacancy'),
        ),
        migrations.AddField(
            model_name='condition',
            name='match',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conditions', to='letting.match'),
        ),
        migrations.AddField(
            model_name='matchstep',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='matchstep',
            name='match',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='letting.match'),
        ),
        migrations.AddField(
            model_name='matchstep',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='matchstep',
            name='partner_organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddConstraint(
            model_name='candidate',
            constraint=models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True)), fields=('owner', 'number'), name='letting_candidate_current'),
        ),
        migrations.AddIndex(
            model_name='match',
            index=models.Index(fields=['owner', 'state'], name='letting_mat_owner_i_190051_idx'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['candidate', 'contract', 'declining', 'letting_check', 'partner', 'proposed', 'talk'])), fields=('vacancy',), name='match_home_once'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['candidate', 'contract', 'declining', 'letting_check', 'partner', 'proposed', 'talk'])), fields=('owner', 'candidate'), name='match_candidate_once'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.UniqueConstraint(fields=('vacancy', 'candidate'), name='match_pair_once'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['reserve', 'proposed', 'letting_check', 'partner', 'talk', 'candidate', 'contract', 'declining', 'let', 'declined', 'cancelled', 'expired', 'released'])), name='match_state_known'),
        ),
        migrations.AddConstraint(
            model_name='condition',
            constraint=models.UniqueConstraint(fields=('match', 'kind'), name='condition_once'),
        ),
        migrations.AddConstraint(
            model_name='matchstep',
            constraint=models.CheckConstraint(condition=models.Q(('act__in', ['propose', 'accept', 'decline', 'confirm', 'override', 'return', 'back', 'cancel', 'let', 'promote', 'release', 'expire', 'reopen'])), name='match_act_known'),
        ),
        AppendOnly('Step'),
        AppendOnly('Candidate', closing=('replaced_at',), erasable=('reference', 'target_group')),
        AppendOnly('MatchStep'),
        AppendOnly('Condition', closing=('met_at', 'met_by_id')),
    ]
