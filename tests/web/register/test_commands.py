"""Who looks after the installation can make accounts again and verify accounts and trail."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from mixwijzer.web.audit.selectors import head
from mixwijzer.web.register.models import AccountState
from tests.cast import Cast


def said(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out, stderr=out)
    return out.getvalue()


def test_making_all_accounts_again_says_how_many(town: Cast):
    assert said("rebuild_accounts").splitlines() == [
        "elders: 1 accounts made",
        "woonbelang: 2 accounts made",
    ]


def test_verifying_names_an_account_that_differs_and_rebuilding_mends_it(town: Cast):
    assert "every account" in said("verify_accounts")
    rows = AccountState.objects.for_organisation(town.woonbelang).filter(scope_code="Vlier")
    rows.update(inputs_hash="0" * 64)
    out = StringIO()
    with pytest.raises(CommandError, match="1 accounts differ"):
        call_command("verify_accounts", stdout=out, stderr=out)
    assert "woonbelang Vlier (role): rows changed without it" in out.getvalue()
    said("rebuild_accounts")
    assert "every account" in said("verify_accounts")


def test_verifying_the_trail_prints_the_head_to_keep_elsewhere(town: Cast):
    assert f"head {head(town.woonbelang)[1]}" in said("verify_trail")
