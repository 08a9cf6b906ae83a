"""The documentation's steps of an agreement are the program's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools import agreement_steps

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_page_of_steps_is_up_to_date() -> None:
    told = agreement_steps.PAGE.read_text(encoding="utf-8")
    assert told == agreement_steps.page(), "run: python -m tools.agreement_steps"


def test_the_check_sees_a_page_that_lags_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreement_steps, "PAGE", tmp_path / "steps.md")
    assert agreement_steps.main(["check"]) == 1
    assert agreement_steps.main([]) == 0
    assert agreement_steps.main(["check"]) == 0
