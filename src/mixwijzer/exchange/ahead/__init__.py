"""What lies ahead of every complex and area, can it be turned, and which way of letting does best?

A `Question` says how ahead is looked, a `Turning` how steering is asked about and a `Choice` which
regimes are compared; `forecasts`, `steerings` and a `Contest` ask the engine, with rates that are
estimated from the portfolio unless they are given.
Every figure leaves in one form: the tidy rows, which documents and sheets repeat.
"""

from mixwijzer.exchange.ahead._cluster import drawing
from mixwijzer.exchange.ahead._comparing import (
    REGIMES,
    Choice,
    Compared,
    Contest,
    Kept,
    Saved,
    packed,
    unpacked,
)
from mixwijzer.exchange.ahead._comparing_rows import (
    comparison_document,
    comparison_lines,
    comparison_sheet,
    comparison_tables,
    regime_title,
)
from mixwijzer.exchange.ahead._forecast_rows import forecast_document, forecast_tables
from mixwijzer.exchange.ahead._forecast_sheets import forecast_lines, forecast_sheet
from mixwijzer.exchange.ahead._forecasts import Ahead, Question, forecasts
from mixwijzer.exchange.ahead._looking import (
    OwnPolicy,
    OwnRates,
    doubted,
    estimated,
    experiments,
    ordinarily_steered,
    rests_on_assumption,
)
from mixwijzer.exchange.ahead._rooms import Rooms
from mixwijzer.exchange.ahead._steering import Steered, Turning, steerings
from mixwijzer.exchange.ahead._steering_rows import steering_document, steering_tables
from mixwijzer.exchange.ahead._steering_sheets import steering_lines, steering_sheet

__all__ = [
    "REGIMES",
    "Ahead",
    "Choice",
    "Compared",
    "Contest",
    "Kept",
    "OwnPolicy",
    "OwnRates",
    "Question",
    "Rooms",
    "Saved",
    "Steered",
    "Turning",
    "comparison_document",
    "comparison_lines",
    "comparison_sheet",
    "comparison_tables",
    "doubted",
    "drawing",
    "estimated",
    "experiments",
    "forecast_document",
    "forecast_lines",
    "forecast_sheet",
    "forecast_tables",
    "forecasts",
    "ordinarily_steered",
    "packed",
    "regime_title",
    "rests_on_assumption",
    "steering_document",
    "steering_lines",
    "steering_sheet",
    "steering_tables",
    "steerings",
    "unpacked",
]
