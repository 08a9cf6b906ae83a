"""Who answers about a home of a week round, and what was answered."""

import django.db.models.deletion
import django.db.models.manager
import uuid
from django.conf import settings
from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_shared_cache'),
        ('rounds', '0003_together'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PartyAsk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('side', models.CharField(choices=[('partner', 'care partner'), ('municipality', 'municipality'), ('association', 'association')], max_length=20)),
                ('silence', models.CharField(choices=[('nothing', 'silence is no yes'), ('yes', 'silence counts as a yes')], max_length=10)),
                ('due', models.DateField()),
                ('told', models.JSONField()),
                ('because', models.JSONField()),
                ('asked_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asks', to='rounds.rounditem')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('item', 'party'), name='party_asked_once'),
                ],
            },
            managers=[
                ('of_everybody', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='PartyAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('side', models.CharField(choices=[('partner', 'care partner'), ('municipality', 'municipality'), ('association', 'association')], max_length=20)),
                ('act', models.CharField(choices=[('agree', 'Agree'), ('agree_if', 'Agree, provided that'), ('object', 'Object'), ('take_back', 'Take the answer back'), ('go_on', 'Decide without their yes'), ('go_back', 'Take that decision back')], max_length=10)),
                ('before', models.CharField(choices=[('asked', 'not answered'), ('agreed', 'agreed'), ('agreed_if', 'agreed, provided that'), ('objected', 'objection'), ('passed', 'decided without their yes')], max_length=10)),
                ('after', models.CharField(choices=[('asked', 'not answered'), ('agreed', 'agreed'), ('agreed_if', 'agreed, provided that'), ('objected', 'objection'), ('passed', 'decided without their yes')], max_length=10)),
                ('word', models.CharField(blank=True, default='', max_length=30)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('ask', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='rounds.partyask')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('act__in', ['agree', 'agree_if', 'object', 'take_back', 'go_on', 'go_back'])), name='party_answer_act_known'),
                ],
            },
            managers=[
                ('of_everybody', django.db.models.manager.Manager()),
            ],
        ),
        AppendOnly('PartyAsk', closing=('ended_at',)),
        AppendOnly('PartyAnswer'),
    ]
