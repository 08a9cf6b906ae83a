"""What does the yearbook hold for this reader: baselines, and the sheet of a quarter?"""

from mixwijzer.web.yearbook.selectors.baselines import (
    BaselineLine,
    BaselinePage,
    PlaceLine,
    baseline,
    baselines,
    freezers,
    taken,
)
from mixwijzer.web.yearbook.selectors.quarter import (
    Quarter,
    QuarterPage,
    QuarterPromise,
    QuarterRequests,
    QuarterWork,
    quarter,
)

__all__ = [
    "BaselineLine",
    "BaselinePage",
    "PlaceLine",
    "Quarter",
    "QuarterPage",
    "QuarterPromise",
    "QuarterRequests",
    "QuarterWork",
    "baseline",
    "baselines",
    "freezers",
    "quarter",
    "taken",
]
