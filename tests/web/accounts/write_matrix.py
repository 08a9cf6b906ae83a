"""Write the access matrix into docs/reference/access.md."""

from __future__ import annotations

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mixwijzer.web.config.settings")
    django.setup()
    from mixwijzer.web.accounts.rights import as_markdown
    from tests.web.accounts.test_rights import PAGE, START

    head = PAGE.read_text(encoding="utf-8").partition(START)[0]
    PAGE.write_text(f"{head}{START}{as_markdown()}", encoding="utf-8")
