"""Complexes as priced with their portfolio, and when those were made that an advice rests on."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_shared_cache'),
        ('letting', '0004_own_words'),
        ('register', '0003_imports_and_shapes'),
    ]

    operations = [
        migrations.AddField(
            model_name='advice',
            name='priced_at',
            field=models.DateTimeField(null=True),
        ),
        AppendOnly('Advice', erasable=('inputs',)),
        migrations.CreateModel(
            name='PricedRoom',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(max_length=40)),
                ('priced_at', models.DateTimeField()),
                ('content', models.TextField()),
                ('complex', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.complex')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('owner', 'complex', 'scheme'), name='priced_room_once')],
            },
            managers=[
                ('of_everybody', django.db.models.manager.Manager()),
            ],
        ),
    ]
