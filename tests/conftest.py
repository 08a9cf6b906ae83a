"""What every test session shares: examples that repeat, the browser, and the right database."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings

from tools.bring_services import find_chromium

if TYPE_CHECKING:
    from typing import Any

# Playwright keeps an event loop in the main thread; Django then refuses queries without this.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# `ci` is the default everywhere: what is green here is green there.
settings.register_profile("ci", derandomize=True, max_examples=200, deadline=None)
settings.register_profile(
    "soak", max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# A broken engine need not be broken in the smallest way: `tools/mutants.py` does not look for it.
settings.register_profile(
    "mutant", derandomize=True, max_examples=200, deadline=None, phases=[Phase.generate]
)
settings.load_profile("ci")

ON_POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what belongs to the other database, and the soak unless it is asked for."""
    unwanted = {"sqlite", "once"} if ON_POSTGRES else {"pg"}
    if "soak" not in config.getoption("markexpr"):
        unwanted.add("soak")
    left_out = [item for item in items if any(map(item.get_closest_marker, unwanted))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Drive the Chromium of this machine; without one, fail in CI and skip elsewhere."""
    chromium = find_chromium()
    if chromium is None:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("no Chromium: install it or set MIXWIJZER_CHROMIUM")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses root
    options = ["--disable-gpu", "--disable-quic", "--no-first-run", *quiet, *sandbox]
    return {"executable_path": chromium, "args": options}
