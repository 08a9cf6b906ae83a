"""Which mixes can be held here, and which way does this one go?

Every point of the triangle is a mix of three categories; the part around the band is drawn large,
with the whole beside it. Letters do not shrink on a phone, so it is drawn twice and the sheet of
styles shows one. Schemes of another size have one line per category instead.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TypeAlias

from mixwijzer.web.ui.charts._marks import percent, svg, tag
from mixwijzer.web.ui.charts._places import LEFT, RIGHT, apart
from mixwijzer.web.ui.charts._values import Chart, Table, Words

Mix: TypeAlias = tuple[float, float, float]  # shares of the top, left and right corner
Point: TypeAlias = tuple[float, float]

WHOLE: tuple[Mix, ...] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
DESK, PHONE = 560.0, 318.0  # widths [px]
AROUND = 0.03  # room around what must be seen [share]
STEP = 0.05  # a cut-out starts at a multiple of this [share]
CLOSE = 9.0  # a mix that stands nearer to one that was named is not named itself [px]
MOST_CUT = 0.8  # a cut-out of more than this is the whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Waypoint:
    """Where the mix is expected after some months; the first is now."""

    label: str
    mix: Mix


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Mixes that can be held, the band, and the way of this complex; corners top, left, right.

    Parameters
    ----------
    reach
        Mixes around what can be held for good, by the careful rates.
    perhaps
        The same by the hopeful rates; empty where rates are known.
    after
        The same when the experiment has ended.
    band
        Least and most share of each corner.
    target
        The mix that is aimed at.
    path
        Where the mix is expected, the first now.
    """

    reach: tuple[Mix, ...]
    path: tuple[Waypoint, ...]
    perhaps: tuple[Mix, ...] = ()
    after: tuple[Mix, ...] = ()
    band: tuple[tuple[float, float], ...] = ()
    target: Mix | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWords:
    """What a triangle says: its corners (top, left, right), its marks, rows of its table."""

    corners: tuple[str, str, str]
    target: str = ""
    overview: str = ""
    least: str = ""
    most: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What can be held of one category, as shares: now and when the experiment has ended."""

    low: float
    high: float
    now: float
    after: tuple[float, float] | None = None
    at_least: float | None = None
    at_most: float | None = None


def triangle(field: Field, words: Words, said: FieldWords) -> Chart:
    """Draw the mixes that can be held, the band, and the expected way from now on."""
    drawn = "".join(
        _Sheet(field=field, words=words, said=said, width=width, css=css).svg
        for width, css in ((DESK, "ch-at-desk"), (PHONE, "ch-at-phone"))
    )
    rows = [(each.label, *map(words.share, each.mix)) for each in field.path]
    if field.target:
        rows.append((said.target, *map(words.share, field.target)))
    for name, end in ((said.least, min), (said.most, max)):
        rows.append((name, *(words.share(end(each)) for each in zip(*field.reach, strict=True))))
    return Chart(svg=drawn, table=Table(caption=words.title, heads=words.heads, rows=tuple(rows)))


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    """One drawing of a triangle, at one width."""

    field: Field
    words: Words
    said: FieldWords
    width: float
    css: str

    @cached_property
    def least(self) -> Mix:
        """Least share of each corner in the part that is drawn large."""
        seen = [*_band(self.field), *(each.mix for each in self.field.path), *self.field.after]
        seen += [self.field.target] if self.field.target else []
        ends = (min(mix[k] for mix in seen) - AROUND for k in range(3))
        top, left, right = (max(0.0, math.floor(end / STEP + 1e-9) * STEP) for end in ends)
        return (top, left, right) if 1 - top - left - right <= MOST_CUT else (0.0, 0.0, 0.0)

    @property
    def part(self) -> float:
        """How large the drawn part is [share of a side]."""
        return 1 - sum(self.least)

    @property
    def side(self) -> float:
        return self.width - 92

    @property
    def tall(self) -> float:
        return self.side * math.sqrt(3) / 2

    def at(self, mix: Sequence[float]) -> Point:
        """Return where a mix stands [px]."""
        top, _, right = ((mix[k] - self.least[k]) / self.part for k in range(3))
        return 46 + self.side * (right + top / 2), 36 + self.tall * (1 - top)

    @property
    def svg(self) -> str:
        """Draw it, from what lies behind to what lies before."""
        height = self.tall + 84
        said = tag("title", escape(self.words.title)) + tag("desc", escape(self.words.description))
        body = [
            self._area("ch-sheet", WHOLE),
            self._area("ch-perhaps", self.field.perhaps),
            self._area("ch-reach", self.field.reach),
            *self._grid(),
            self._area("ch-field-band", _band(self.field)),
            self._area("ch-after", self.field.after),
            *self._corners(height),
            *self._aim(),
            *self._way(),
            *(self._overview() if self.part < 1 else ()),
        ]
        return tag(
            "svg",
            said + "".join(body),
            cls=f"ch ch-triangle {self.css}",
            viewBox=f"0 0 {self.width:.0f} {height:.0f}",
            width=self.width,
            role="img",
        )

    def _area(self, css: str, mixes: Sequence[Mix]) -> str:
        inside: Sequence[Mix] = _around(mixes)
        for corner in range(3):
            inside = _beyond(inside, corner, self.least[corner])
        if not inside:
            return ""
        points = [self.at(mix) for mix in inside]
        if _extent(points) < 6:
            (x, y), *_ = points
            return tag("circle", cls=css, cx=x, cy=y, r=4.5)
        return tag("polygon", cls=css, points=_points(points))

    def _grid(self) -> Iterator[str]:
        """Draw lines of equal shares, each named at its own edge."""
        step = 0.05 if self.part < 0.3 else 0.1 if self.part < 0.75 else 0.2
        # corner, the corner that is least where its line is named, and how the name hangs there
        edges = ((0, 1, 7, 4, "start"), (2, 0, 0, 17, "middle"), (1, 2, -7, 4, "end"))
        for corner, named, dx, dy, anchor in edges:
            value = self.least[corner] + step
            while value < self.least[corner] + self.part - step / 2:
                far, near = self._line(corner, named, value)
                (x, y), (x2, y2) = self.at(near), self.at(far)
                yield tag("line", cls="ch-grid", x1=x, y1=y, x2=x2, y2=y2)
                place = {"x": x, "dx": dx, "y": y + dy, "text_anchor": anchor}
                yield tag("text", escape(self.words.share(value)), cls="ch-text", **place)
                value += step

    def _line(self, corner: int, named: int, value: float) -> tuple[list[float], list[float]]:
        """Return the ends of a line of one share: the far one, and the one where it is named."""
        third = 3 - corner - named
        ends = []
        for lowest, rest in ((third, named), (named, third)):
            mix = [0.0, 0.0, 0.0]
            mix[corner], mix[lowest] = value, self.least[lowest]
            mix[rest] = 1 - value - self.least[lowest]
            ends.append(mix)
        return ends[0], ends[1]

    def _corners(self, height: float) -> Iterator[str]:
        top, left, right = self.said.corners
        middle = 46 + self.side / 2
        for text, x, y, anchor in (
            (f"{top} ↑", middle, 20.0, "middle"),
            (f"← {left}", 0.0, height - 6, "start"),
            (f"{right} →", self.width, height - 6, "end"),
        ):
            place = {"x": x, "y": y, "text_anchor": anchor}
            yield tag("text", escape(text), cls="ch-text-strong", **place)

    def _aim(self) -> Iterator[str]:
        if self.field.target is None:
            return
        x, y = self.at(self.field.target)
        cross = f"M{x - 8:.1f} {y:.1f}h16M{x:.1f} {y - 8:.1f}v16"
        yield tag("path", cls="ch-target", d=cross)
        place = {"x": x, "dx": -11, "y": y + 4, "text_anchor": "end"}
        yield tag("text", escape(self.said.target), cls="ch-text-strong ch-halo", **place)

    def _way(self) -> Iterator[str]:
        """Draw the way, a dot per month that has moved, names that never lie over each other."""
        points = [self.at(each.mix) for each in self.field.path]
        yield tag("polyline", cls="ch-path", points=_points(points))
        named: list[tuple[float, float, str]] = []
        for (x, y), each in zip(points, self.field.path, strict=True):
            near = any(math.dist((x, y), before[:2]) < CLOSE for before in named)
            if each.label and not near:
                named.append((x, y, each.label))
        for x, y, _ in reversed(named[1:]):
            yield tag("circle", cls="ch-way", cx=x, cy=y, r=4)
        for x, y in points[:1]:
            yield tag("circle", cls="ch-here", cx=x, cy=y, r=7)
        named.sort(key=lambda each: each[1])
        tops = apart([y - 8 for _, y, _ in named], [15] * len(named), high=self.tall + 60)
        for (x, _, label), top in zip(named, tops, strict=True):
            place = {"x": x + 12, "y": round(top + 12, 1)}
            yield tag("text", escape(label), cls="ch-text-strong ch-halo", **place)

    def _overview(self) -> Iterator[str]:
        """Draw the whole triangle small, with the part that is drawn large outlined."""
        side = 0.19 * self.width

        def at(mix: Sequence[float]) -> Point:
            return 2 + side * (mix[2] + mix[0] / 2), 4 + side * math.sqrt(3) / 2 * (1 - mix[0])

        part = [
            tuple(low + self.part * share for low, share in zip(self.least, corner, strict=True))
            for corner in WHOLE
        ]
        for css, ring in (
            ("ch-sheet", WHOLE),
            ("ch-reach", _around(self.field.reach)),
            ("ch-part-of", part),
        ):
            yield tag("polygon", cls=css, points=_points([at(mix) for mix in ring]))
        for row, line in enumerate(self.said.overview.split("; ")):
            y = 4 + side * math.sqrt(3) / 2 + 14 * (row + 1)
            yield tag("text", escape(line), cls="ch-text ch-fine", x=0.0, y=y)


def _around(mixes: Sequence[Mix]) -> list[Mix]:
    """Return the corners of the smallest polygon around mixes, in order (Andrew 1979)."""
    ordered = sorted(set(mixes), key=lambda mix: mix[1:])
    ring: list[Mix] = []
    for row in (ordered, ordered[::-1]):
        half: list[Mix] = []
        for mix in row:
            while len(half) > 1 and _turn(half[-2], half[-1], mix) <= 0:
                half.pop()
            half.append(mix)
        ring += half[:-1]
    return ring or ordered


def _turn(one: Mix, two: Mix, three: Mix) -> float:
    """Return whether three mixes turn left (above 0), go straight on, or turn right."""
    across, along = two[1] - one[1], two[2] - one[2]
    return across * (three[2] - one[2]) - along * (three[1] - one[1])


def _band(field: Field) -> Sequence[Mix]:
    """Return the corners of the band: what keeps every least and every most share."""
    ring: Sequence[Mix] = WHOLE if field.band else ()
    for corner, (low, high) in enumerate(field.band):
        ring = _beyond(_beyond(ring, corner, low), corner, high, up=False)
    return ring


def _beyond(ring: Sequence[Mix], corner: int, edge: float, *, up: bool = True) -> Sequence[Mix]:
    """Return what is left of a polygon where one share is at least (or at most) so large."""
    side = 1.0 if up else -1.0
    kept: list[Mix] = []
    for here, next_ in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        over, over_next = side * (here[corner] - edge), side * (next_[corner] - edge)
        if over >= -1e-9:
            kept.append(here)
        if (over >= -1e-9) != (over_next >= -1e-9):
            part = over / (over - over_next)
            top, left, right = (a + part * (b - a) for a, b in zip(here, next_, strict=True))
            kept.append((top, left, right))
    return kept


def _extent(points: Iterable[Point]) -> float:
    """Return how far apart the points of a shape lie [px]."""
    across, down = zip(*points, strict=True)
    return max(float(max(ends) - min(ends)) for ends in (across, down))


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def reach_bar(reach: Reach, words: Words) -> Chart:
    """Draw on one line which shares of a category can be held, now and after the experiment."""

    def place(low: float, high: float) -> dict[str, str]:
        return {"x": percent(_at(low)), "width": percent(_at(high) - _at(low))}

    body = [tag("rect", cls="ch-track", y=10, height=16, rx=5, **place(0.0, 1.0))]
    if reach.at_least is not None or reach.at_most is not None:
        low, high = reach.at_least or 0.0, 1.0 if reach.at_most is None else reach.at_most
        body.append(tag("rect", cls="ch-field-band", y=5, height=26, rx=3, **place(low, high)))
    body.append(tag("rect", cls="ch-reach", y=11, height=14, rx=3, **place(reach.low, reach.high)))
    if reach.after:
        body.append(tag("rect", cls="ch-after", y=13, height=10, rx=2, **place(*reach.after)))
    body.append(tag("circle", cls="ch-here", cx=percent(_at(reach.now)), cy=18, r=6))
    spans = [(reach.low, reach.high), *([reach.after] if reach.after else [])]
    held = (f"{words.share(low)}–{words.share(high)}" for low, high in spans)
    row = (words.share(reach.now), *held)
    return Chart(
        svg=svg("ch ch-holds", 36, words, body),
        table=Table(caption=words.title, heads=words.heads, rows=(row,)),
    )


def _at(share: float) -> float:
    return LEFT + (RIGHT - LEFT) * share
