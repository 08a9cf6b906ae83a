"""The documentation's steps of a profile are the program's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools import profile_steps

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_page_of_steps_is_up_to_date() -> None:
    told = profile_steps.PAGE.read_text(encoding="utf-8")
    assert told == profile_steps.page(), "run: python -m tools.profile_steps"


def test_the_check_sees_a_page_that_lags_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profile_steps, "PAGE", tmp_path / "reference" / "steps.md")
    assert profile_steps.main(["check"]) == 1
    assert profile_steps.main([]) == 0
    assert profile_steps.main(["check"]) == 0
