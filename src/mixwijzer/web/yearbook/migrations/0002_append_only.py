"""A baseline stays as it was frozen: the database refuses to change or remove it."""

from django.db import migrations

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("yearbook", "0001_baselines")]
    operations = [AppendOnly("Baseline")]
