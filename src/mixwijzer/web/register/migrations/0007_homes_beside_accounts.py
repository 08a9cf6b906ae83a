"""Beside each account stand the homes of its complex and the sums of the account.

`state` stays the last column: who reads another one needn't walk through it. Homes are counted
here; the sums come when an account is made anew, and until then it is read whole.
"""

import json
from collections import Counter, defaultdict
from datetime import timedelta

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

COMPLEX = 1  # the number of this kind of place
YEARS = 3


def count(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    accounts = apps.get_model("register", "AccountState")._base_manager
    sizes, ends = _sizes(apps), _ends(apps)
    rows = list(accounts.filter(scope_kind=COMPLEX).only("pk", "complex_id", "through"))
    for row in rows:
        since = (row.through - timedelta(days=365 * YEARS)).toordinal()
        left = sorted(day for day in ends[row.complex_id] if day > since)
        row.homes = json.dumps([sizes[row.complex_id], left], separators=(",", ":"))
    accounts.bulk_update(rows, ["homes"], batch_size=200)


def _sizes(apps: Apps) -> dict[int, list[list[int | None]]]:
    dwellings = apps.get_model("register", "Dwelling")._base_manager
    counted: Counter[tuple[int, int | None, int]] = Counter()
    homes = dwellings.filter(replaced_at=None, in_base=True)
    for pk, rooms, accessible, floor in homes.values_list("complex_id", "rooms", "accessible", "floor").iterator():
        counted[pk, rooms, int(accessible or (floor is not None and floor <= 0))] += 1
    found: dict[int, list[list[int | None]]] = defaultdict(list)
    order = sorted(counted.items(), key=lambda each: (each[0][0], each[0][1] is not None, each[0][1] or 0, each[0][2]))
    for (pk, rooms, level), homes_of_it in order:
        found[pk].append([rooms, level, homes_of_it])
    return found


def _ends(apps: Apps) -> dict[int, list[int]]:
    leases = apps.get_model("register", "Tenancy")._base_manager.filter(replaced_at=None)
    found: dict[int, list[int]] = defaultdict(list)
    for pk, end in leases.values_list("complex_id", "end").iterator():
        if end is not None:
            found[pk].append(end.toordinal())
    return found


class Migration(migrations.Migration):
    dependencies = [("register", "0006_identities_in_turn")]

    operations = [
        migrations.RenameField("accountstate", "state", "state_before"),
        migrations.AddField("accountstate", "homes", models.TextField(default="")),
        migrations.AddField("accountstate", "brief", models.TextField(default="")),
        migrations.AddField("accountstate", "state", models.TextField(default="")),
        migrations.RunSQL(
            "UPDATE register_accountstate SET state = state_before",
            "UPDATE register_accountstate SET state_before = state",
        ),
        migrations.RemoveField("accountstate", "state_before"),
        migrations.AlterField("accountstate", "state", models.TextField()),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
