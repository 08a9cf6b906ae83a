"""What went along from a period can be corrected by a second row, once it is counted anew."""

from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0006_week_answers'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='carryover',
            name='carried_over_once',
        ),
        migrations.AddField(
            model_name='carryover',
            name='nth',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name='carryover',
            constraint=models.UniqueConstraint(fields=('owner', 'code', 'nth'), name='carried_over_once'),
        ),
        AppendOnly('CarryOver'),  # SQLite makes the table anew, without it
    ]
