"""How likely is each number of households, and where is the limit? Drawn as SVG, without a script.

Pure functions from frozen values to a `Chart`: the drawing and the same numbers as a table. Marks
stand in percentages of the width, so that a chart stretches while its letters keep their size. No
colour stands alone: the likely range has a dense hatch, the wide one a light hatch, the best guess
an outline or a dot, the limit a line with its number. Looks come from classes in `app.css`, never
from a style attribute, so the drawings hold under a strict content policy, in print and in a PDF.
Words come from the caller, in the language of the page.
"""

from mixwijzer.web.ui.charts._bars import meter, range_bar, share_bar
from mixwijzer.web.ui.charts._histogram import account_histogram
from mixwijzer.web.ui.charts._map import Place, area_map
from mixwijzer.web.ui.charts._marks import patterns
from mixwijzer.web.ui.charts._past import past_ranges
from mixwijzer.web.ui.charts._values import (
    Chart,
    Counted,
    Mark,
    Meter,
    Moment,
    Part,
    Span,
    Table,
    Words,
)

__all__ = [
    "Chart",
    "Counted",
    "Mark",
    "Meter",
    "Moment",
    "Part",
    "Place",
    "Span",
    "Table",
    "Words",
    "account_histogram",
    "area_map",
    "meter",
    "past_ranges",
    "patterns",
    "range_bar",
    "share_bar",
]
