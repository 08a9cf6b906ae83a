"""How likely is each number of households, and where is the limit? Drawn as SVG, without a script.

Pure functions from frozen values to a `Chart`: the drawing and the same numbers as a table. Marks
stand in percentages of the width, so that a chart stretches while its letters keep their size. No
colour stands alone: the likely range has a dense hatch, the wide one a light hatch, the best guess
an outline or a dot, the limit a line with its number. Looks come from classes in `app.css`, never
from a style attribute, so the drawings hold under a strict content policy, in print and in a PDF.
Words come from the caller, in the language of the page.
"""

from mixwijzer.web.ui.charts._bars import difference_bar, meter, range_bar, share_bar
from mixwijzer.web.ui.charts._fan import fan, fan_axis
from mixwijzer.web.ui.charts._histogram import account_histogram
from mixwijzer.web.ui.charts._map import Place, area_map
from mixwijzer.web.ui.charts._marks import patterns
from mixwijzer.web.ui.charts._triangle import (
    Field,
    FieldWords,
    Reach,
    Waypoint,
    reach_bar,
    triangle,
)
from mixwijzer.web.ui.charts._values import (
    Ahead,
    Chart,
    Counted,
    Course,
    Difference,
    Mark,
    Meter,
    Moment,
    Part,
    Span,
    Table,
    Words,
)

__all__ = [
    "Ahead",
    "Chart",
    "Counted",
    "Course",
    "Difference",
    "Field",
    "FieldWords",
    "Mark",
    "Meter",
    "Moment",
    "Part",
    "Place",
    "Reach",
    "Span",
    "Table",
    "Waypoint",
    "Words",
    "account_histogram",
    "area_map",
    "difference_bar",
    "fan",
    "fan_axis",
    "meter",
    "patterns",
    "range_bar",
    "reach_bar",
    "share_bar",
    "triangle",
]
