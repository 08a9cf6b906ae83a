"""The handbook's stories are those that the tests play, with what the advice says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mixwijzer.exchange.catalogue import refused_words
from mixwijzer.exchange.stories import read_stories
from tools import stories_page

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_page_of_stories_is_up_to_date() -> None:
    told = stories_page.PAGE.read_text(encoding="utf-8")
    assert told == stories_page.page(), "run: python -m tools.stories_page"


def test_every_story_is_on_the_page_and_says_nothing_that_we_do_not_say() -> None:
    told = stories_page.page()
    for story in read_stories(stories_page.STORIES):
        assert f"### {story.story}" in told
        assert refused_words(f"{story.story} {story.why}", "nl") == ()


def test_the_check_sees_a_page_that_lags_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories_page, "PAGE", tmp_path / "handleiding" / "verhalen.md")
    assert stories_page.main(["check"]) == 1
    assert stories_page.main([]) == 0
    assert stories_page.main(["check"]) == 0
    stories_page.PAGE.write_text("old", encoding="utf-8")
    assert stories_page.main(["check"]) == 1
