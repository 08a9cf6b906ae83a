"""A clause says whether the municipality answers in the week round."""

from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0005_agreements_append_only'),
    ]

    operations = [
        migrations.AddField(
            model_name='clause',
            name='answers',
            field=models.CharField(blank=True, choices=[('', 'no'), ('asked', 'yes; silence is no yes'), ('silent_yes', 'yes; silence counts as a yes')], default='', max_length=10),
        ),
        AppendOnly('Clause', closing=('replaced_at',)),  # SQLite makes the table anew, without it
    ]
