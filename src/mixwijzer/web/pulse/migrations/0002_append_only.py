"""From here on the database refuses to change or remove rows of these tables."""

from django.db import migrations

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("pulse", "0001_initial")]
    operations = [AppendOnly("View"), AppendOnly("Step"), AppendOnly("Practice")]
