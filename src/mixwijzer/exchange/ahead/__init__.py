"""What lies ahead of every complex and area, as figures, tidy rows, a document and a sheet?

A `Question` says how ahead is looked; `forecasts` asks the engine place by place, with rates that
are estimated from the portfolio unless they are given. Every figure leaves in one form only: the
rows of `forecast_tables`, which the document and the sheet repeat.
"""

from mixwijzer.exchange.ahead._forecast_rows import forecast_document, forecast_tables
from mixwijzer.exchange.ahead._forecast_sheets import forecast_lines, forecast_sheet
from mixwijzer.exchange.ahead._forecasts import Ahead, Question, forecasts

__all__ = [
    "Ahead",
    "Question",
    "forecast_document",
    "forecast_lines",
    "forecast_sheet",
    "forecast_tables",
    "forecasts",
]
