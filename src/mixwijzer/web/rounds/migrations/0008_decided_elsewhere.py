"""A home of a week round can be decided about on the page of its vacancy."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rounds', '0007_dividing_by_a_worker'),
    ]

    operations = [
        migrations.AddField(
            model_name='rounditem',
            name='elsewhere',
            field=models.BooleanField(default=False),
        ),
    ]
