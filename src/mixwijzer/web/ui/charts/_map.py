"""Where do things stand in town? Outlines of areas, or tiles where no outline was loaded.

Every area carries the number of its row in the table beside it, and a hatch; colour is never alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, cos, radians, sqrt
from typing import TypeAlias

from mixwijzer.web.ui.charts._marks import tag
from mixwijzer.web.ui.charts._values import Chart, Table, Words

__all__ = ["STATES", "Place", "area_map"]

Point: TypeAlias = Sequence[float]
Polygon: TypeAlias = Sequence[Sequence[Point]]

STATES = ("holds", "unsure", "not", "none")  # how an area is drawn; classes in app.css
WIDTH = 600.0  # of the drawing, in its own units
EDGE = 8.0
TILE, GAP = 92.0, 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One area: its number in the table, what it is called, how it stands, and where it lies.

    `polygons` are polygons of rings of (longitude, latitude); `at` is (longitude, latitude) of
    its middle, for a tile. `cells` are its cells in the table.
    """

    number: int
    name: str
    state: str
    says: str
    cells: tuple[str, ...] = ()
    polygons: Sequence[Polygon] = ()
    at: tuple[float, float] | None = None


def area_map(places: Sequence[Place], words: Words) -> Chart:
    """Draw outlines where there are any, else a tile map; areas without outline stay in the table.

    Raises
    ------
    ValueError
        A place is in a state that has no look.
    """
    strange = {each.state for each in places} - set(STATES)
    if strange:
        raise ValueError(f"no look for {sorted(strange)}")
    outlined = [each for each in places if each.polygons]
    height, body = _outlines(outlined) if outlined else _tiles(places)
    said = tag("title", escape(words.title)) + tag("desc", escape(words.description))
    box = f"0 0 {WIDTH:.0f} {height:.0f}"
    drawn = tag("svg", said + body, cls="ch ch-map", viewBox=box, role="img")
    return Chart(
        svg=drawn,
        table=Table(
            caption=words.title,
            heads=words.heads,
            rows=tuple((str(each.number), each.name, *each.cells) for each in places),
        ),
    )


def _outlines(places: Sequence[Place]) -> tuple[float, str]:
    """Draw areas by their outlines; the north is up, a degree east as long as it is there."""
    points = [point for each in places for point in _points(each)]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    narrow = cos(radians((south + north) / 2))
    wide = max((east - west) * narrow, 1e-9)
    scale = (WIDTH - 2 * EDGE) / max(wide, (north - south) * 0.8)
    left = (WIDTH - wide * scale) / 2

    def at(point: Point) -> tuple[float, float]:
        return left + (point[0] - west) * narrow * scale, EDGE + (north - point[1]) * scale

    shapes = "".join(
        _titled(
            each,
            tag(
                "path",
                cls=f"ch-area ch-area-{each.state}",
                d=" ".join(_ring([at(p) for p in ring]) for poly in each.polygons for ring in poly),
                fill_rule="evenodd",
            ),
        )
        for each in places
    )
    labels = "".join(_label(each, *at(_middle(each))) for each in places)
    return (north - south) * scale + 2 * EDGE, shapes + labels


def _points(place: Place) -> Iterator[Point]:
    for polygon in place.polygons:
        for ring in polygon:
            yield from ring


def _ring(points: Sequence[tuple[float, float]]) -> str:
    first, *rest = (f"{x:.1f} {y:.1f}" for x, y in points)
    return f"M{first}L{' '.join(rest)}Z"


def _middle(place: Place) -> tuple[float, float]:
    """Return the middle of the largest outer ring; its number stands there."""
    rings = [polygon[0] for polygon in place.polygons if polygon]
    ring = max(rings, key=lambda each: abs(_surface(each)))
    twice = _surface(ring)
    if abs(twice) < 1e-12:
        return ring[0][0], ring[0][1]
    sums = [0.0, 0.0]
    for one, two in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = one[0] * two[1] - two[0] * one[1]
        sums[0] += (one[0] + two[0]) * cross
        sums[1] += (one[1] + two[1]) * cross
    return sums[0] / (3 * twice), sums[1] / (3 * twice)


def _surface(ring: Sequence[Point]) -> float:
    """Return twice the surface, with its sign."""
    return sum(
        one[0] * two[1] - two[0] * one[1]
        for one, two in zip(ring, [*ring[1:], ring[0]], strict=True)
    )


def _tiles(places: Sequence[Place]) -> tuple[float, str]:
    """Draw equal squares, in rows from north to south and from west to east in a row."""
    columns = max(1, min(6, ceil(sqrt(len(places) * 1.5))))
    known = sorted(
        places, key=lambda each: (each.at is None, -(each.at[1] if each.at else 0), each.number)
    )
    step = TILE + GAP
    left = (WIDTH - columns * step + GAP) / 2
    body = ""
    rows = [known[start : start + columns] for start in range(0, len(known), columns)]
    for down, row in enumerate(rows):
        for across, each in enumerate(sorted(row, key=_from_the_west)):
            x, y = left + across * step, EDGE + down * step
            square = tag(
                "rect",
                cls=f"ch-area ch-area-{each.state}",
                x=x,
                y=y,
                width=TILE,
                height=TILE,
                rx=6,
            )
            body += _titled(each, square) + _label(each, x + TILE / 2, y + TILE / 2)
    return max(len(rows), 1) * step + 2 * EDGE, body


def _from_the_west(place: Place) -> tuple[bool, float, int]:
    return place.at is None, place.at[0] if place.at else 0.0, place.number


def _titled(place: Place, drawn: str) -> str:
    return tag("g", tag("title", escape(f"{place.number}. {place.name}: {place.says}")) + drawn)


def _label(place: Place, x: float, y: float) -> str:
    return tag("text", str(place.number), cls="ch-map-number", x=x, y=y + 6, text_anchor="middle")
