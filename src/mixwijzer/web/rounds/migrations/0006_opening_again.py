"""A table that was closed can be opened again; everything else of a seat stays as it is."""

from django.db import migrations

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("rounds", "0005_declining_and_closing")]
    operations = [AppendOnly("Seat", free=("closed_at", "closed_by_id"))]
