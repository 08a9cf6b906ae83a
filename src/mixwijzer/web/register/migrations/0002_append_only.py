"""From here on the database refuses to change or remove rows of these tables."""

from django.db import migrations

from mixwijzer.web.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]
    operations = [
        AppendOnly("Delivery"),
        AppendOnly("Area", closing=("replaced_at",)),
        AppendOnly("ComplexFacts", closing=("replaced_at",)),
        AppendOnly("Dwelling", closing=("replaced_at",)),
        AppendOnly("Tenancy", closing=("replaced_at",), erasable=("household",)),
        AppendOnly("Notice", closing=("replaced_at",)),
        AppendOnly("Judgement", closing=("replaced_at",), erasable=("judge_id",)),
        AppendOnly("Count", closing=("replaced_at",)),
        AppendOnly("Placement", closing=("replaced_at",), erasable=("notice",)),
        AppendOnly("Letting", closing=("replaced_at",), erasable=("category", "group", "persons")),
        AppendOnly("AgreedRole", closing=("replaced_at",)),
        AppendOnly("Channel", closing=("replaced_at",)),
    ]
