"""From here on the database refuses to change or remove rows of these tables."""

from django.db import migrations

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("letting", "0001_initial")]
    operations = [
        AppendOnly("Question", closing=("answered_at", "released_at", "unchanged")),
        AppendOnly("Step"),
        AppendOnly("Advice", erasable=("inputs",)),
        AppendOnly("Decision", closing=("read_by_id", "read_at", "withdrawn_at"), erasable=("checked_inputs",)),
        AppendOnly("Withdrawal"),
        AppendOnly("PlaceRequest", closing=("replaced_at",)),
    ]
