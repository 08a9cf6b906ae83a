"""What is drawn of a look ahead: panels for other pages, and the pages of this feature."""

from mixwijzer.web.outlook.screens.comparing import (
    REGIME_SAYS,
    ScenarioScreen,
    regime_choices,
    scenario_screen,
    scenarios_table,
    way_of_letting,
)
from mixwijzer.web.outlook.screens.listing import (
    ForecastScreen,
    SteeringScreen,
    forecast_screen,
    steering_screen,
)
from mixwijzer.web.outlook.screens.panels import (
    AheadPanel,
    ComplexScreen,
    ahead_panel,
    complex_screen,
)
from mixwijzer.web.outlook.screens.sharing import SharesScreen, shares_screen
from mixwijzer.web.outlook.screens.weighing import (
    FeasibilityScreen,
    Feasible,
    feasibility_screen,
)

__all__ = [
    "REGIME_SAYS",
    "AheadPanel",
    "ComplexScreen",
    "FeasibilityScreen",
    "Feasible",
    "ForecastScreen",
    "ScenarioScreen",
    "SharesScreen",
    "SteeringScreen",
    "ahead_panel",
    "complex_screen",
    "feasibility_screen",
    "forecast_screen",
    "regime_choices",
    "scenario_screen",
    "scenarios_table",
    "shares_screen",
    "steering_screen",
    "way_of_letting",
]
