"""The documentation's list of norms is the program's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mixwijzer.exchange.normbook import read_norms
from tools import norms_reference

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_list_of_norms_is_up_to_date() -> None:
    told = norms_reference.PAGE.read_text(encoding="utf-8")
    assert told == norms_reference.page(), "run: python -m tools.norms_reference"


def test_the_list_names_every_norm_with_every_source() -> None:
    told = norms_reference.page()
    for norm in read_norms().values():
        assert f"### `{norm.key}`" in told
        assert all(value.source in told for value in norm.values)


def test_the_check_sees_a_page_that_lags_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(norms_reference, "PAGE", tmp_path / "reference" / "norms.md")
    assert norms_reference.main(["check"]) == 1
    assert norms_reference.main([]) == 0
    assert norms_reference.main(["check"]) == 0
    norms_reference.PAGE.write_text("old", encoding="utf-8")
    assert norms_reference.main(["check"]) == 1
