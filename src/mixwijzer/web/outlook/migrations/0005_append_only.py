"""What was laid on the table stays as it was: the database refuses to change or remove it."""

from django.db import migrations

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("outlook", "0004_key_figures")]
    operations = [AppendOnly("KeyFigures")]
