"""One site for all journeys; every test finds the town as it was, and a quiet browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.journeys.site import Site, Visitor, running, visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Site]:
    """Start the site, once there is a browser to visit it with."""
    with running(tmp_path_factory.mktemp("demo")) as site:
        yield site


@pytest.fixture
def site(started: Site) -> Site:
    """The site with the town as it was built."""
    started.restore()
    return started


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Give people a browser; afterwards nothing odd may have been said in any of them."""
    visitors: list[Visitor] = []

    def come(name: str | None = None, **given: object) -> Visitor:
        visitors.append(visitor(site, browser, name=name, **given))
        return visitors[-1]

    yield come
    odd = [text for each in visitors for text in each.unexpected()]
    for each in visitors:
        each.context.close()
    assert odd == []
