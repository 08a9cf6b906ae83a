"""What is there to see of the years to come, for this reader?"""

from mixwijzer.web.outlook.selectors.comparing import (
    ScenarioLine,
    ScenarioPage,
    figures_of,
    makers,
    scenario,
    scenario_page,
    scenarios,
)
from mixwijzer.web.outlook.selectors.looking import (
    SORTS,
    ComplexOutlook,
    Line,
    Lines,
    Quarter,
    Totals,
    Wanted,
    complex_outlook,
    outlook_page,
    outlooks,
)
from mixwijzer.web.outlook.selectors.sharing import Laid, Shares, Table, shares
from mixwijzer.web.outlook.selectors.weighing import Weighed, weighings

__all__ = [
    "SORTS",
    "ComplexOutlook",
    "Laid",
    "Line",
    "Lines",
    "Quarter",
    "ScenarioLine",
    "ScenarioPage",
    "Shares",
    "Table",
    "Totals",
    "Wanted",
    "Weighed",
    "complex_outlook",
    "figures_of",
    "makers",
    "outlook_page",
    "outlooks",
    "scenario",
    "scenario_page",
    "scenarios",
    "shares",
    "weighings",
]
