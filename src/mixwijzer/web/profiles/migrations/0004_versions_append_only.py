"""What was written in a version, happened to it or was attached to it stays as it was."""

from django.db import migrations

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("profiles", "0003_versions")]
    operations = [
        AppendOnly("Edition"),
        AppendOnly("VersionStep"),
        AppendOnly("Forecast"),
        AppendOnly("Document"),
    ]
