"""What was written in an agreement, happened to it or was taken along stays as it was."""

from django.db import migrations

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("agreements", "0004_agreements")]
    operations = [
        AppendOnly("Clause", closing=("replaced_at",)),
        AppendOnly("AgreementStep"),
        AppendOnly("CarryOver"),
    ]
