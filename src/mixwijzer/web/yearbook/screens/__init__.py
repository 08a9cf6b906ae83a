"""What does a reader see of the yearbook? Turns what selectors found into the kit's components."""

from mixwijzer.web.yearbook.screens.baselines import (
    BaselineScreen,
    baseline_screen,
    baselines_table,
)
from mixwijzer.web.yearbook.screens.paper import quarter_paper
from mixwijzer.web.yearbook.screens.quarter import QuarterScreen, quarter_screen

__all__ = [
    "BaselineScreen",
    "QuarterScreen",
    "baseline_screen",
    "baselines_table",
    "quarter_paper",
    "quarter_screen",
]
