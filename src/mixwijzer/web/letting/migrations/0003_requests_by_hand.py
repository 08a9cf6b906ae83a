"""A request that was asked for by telephone remembers how many rooms, and whether without stairs."""

from django.db import migrations, models

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("letting", "0002_append_only")]
    operations = [
        migrations.AddField("placerequest", "rooms", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("placerequest", "level", models.BooleanField(default=False)),
        AppendOnly("PlaceRequest", closing=("replaced_at",)),
    ]
