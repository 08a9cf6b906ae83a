"""One site for all journeys; every test finds the town as it was, and a quiet browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.journeys.association import Installation, installed
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
    yield from _visiting(site, browser)


@pytest.fixture(scope="session")
def set_up(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Installation]:
    """Set up a site for an association that has nothing yet, and start it."""
    with installed(tmp_path_factory.mktemp("own")) as installation:
        yield installation


@pytest.fixture
def own(set_up: Installation) -> Installation:
    """The site of an association as it was set up: nobody was in it."""
    set_up.site.restore()
    return set_up


@pytest.fixture
def enter(own: Installation, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Give people a browser to that site."""
    yield from _visiting(own.site, browser)


def _visiting(site: Site, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    visitors: list[Visitor] = []

    def come(name: str | None = None, **given: object) -> Visitor:
        visitors.append(visitor(site, browser, name=name, **given))
        return visitors[-1]

    yield come
    odd = [text for each in visitors for text in each.unexpected()]
    for each in visitors:
        each.context.close()
    assert odd == []
