"""Where do the areas lie? From a map of neighbourhoods as GeoJSON to shapes that can be drawn.

CBS and PDOK have spelt the properties of their maps in several ways over the years, and a
municipality does it in its own; coordinates are degrees (WGS 84) or metres of the Dutch grid (RD,
EPSG:28992). Shapes come out in degrees. One that crosses itself is repaired and told, one without
a surface is told and left out. Needs shapely, which is part of `mixwijzer[web]`.
Source of the grid: Schreutelkamp and Strang van Hees (2001), good to about a quarter of a metre.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from mixwijzer.engine.errors import Fact, PortfolioError
from mixwijzer.engine.portfolio import ScopeKind
from mixwijzer.exchange.areas import CodeTrouble, area_code, kind_of_code
from mixwijzer.exchange.findings import Finding, Findings, Severity

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["Geography", "Shape", "read", "simplified", "write"]

Point: TypeAlias = tuple[float, float]
"""Longitude and latitude [degrees]."""

Polygon: TypeAlias = tuple[tuple[Point, ...], ...]
"""Closed rings: the outline first, then its holes."""

_LARGEST = 64 * 2**20
_MOST_FEATURES = 20_000
_DIGITS = 7  # of a degree: a centimetre
_METRES_PER_DEGREE = 111_320.0
_LONGEST_NAME = 200
_WEST, _SOUTH, _EAST, _NORTH = 2.5, 50.5, 7.5, 55.5  # the Netherlands and their sea [degrees]

# Spellings by level, the narrowest first; a number in a spelling is the year of the division.
_CODES = (
    (None, r"code|statcode|gwb_?code|gebiedscode"),
    (ScopeKind.NEIGHBOURHOOD, r"bu_?code|buurt_?code|bu_?\d{4}"),
    (ScopeKind.DISTRICT, r"wk_?code|wijk_?code|wk_?\d{4}"),
    (ScopeKind.MUNICIPALITY, r"gm_?code|gemeente_?code|gm_?\d{4}"),
)
_NAMES = (
    r"name|naam|statnaam|gwb_?naam|gebied(?:s_?)?naam",
    r"bu_?naam|buurt_?naam",
    r"wk_?naam|wijk_?naam",
    r"gm_?naam|gemeente_?naam",
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_WATER = re.compile(r"water|h2o", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """An area and its outline.

    Parameters
    ----------
    code, name, kind
        As in the table of areas.
    polygons
        One or more, each of closed rings [degrees].
    parent, year
        The area around it and the year of the division, where the map tells.
    """

    code: str
    name: str
    kind: ScopeKind
    polygons: tuple[Polygon, ...]
    parent: str | None = None
    year: int | None = None

    def wkb(self) -> bytes:
        """Return the outline as well-known binary: a multipolygon in degrees."""
        import shapely

        return bytes(shapely.to_wkb(_geometry(self.polygons)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Geography:
    """The shapes of a map, and what is wrong with it."""

    shapes: tuple[Shape, ...]
    findings: tuple[Finding, ...]


class _MapTrouble(Exception):  # noqa: N818 - a trouble of the file, not of the program
    def __init__(self, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def read(path: str | Path) -> Geography:
    """Read a map; bad content never raises, it becomes findings.

    With an error there are no shapes.
    """
    source, findings = Path(path), Findings()
    try:
        shapes = _Reading(source, findings).shapes()
    except _MapTrouble as trouble:
        findings.add(Finding(code=trouble.code, file=source.name, facts=trouble.facts))
        shapes = ()
    except OSError as error:
        facts = {"reason": error.strerror or ""}
        findings.add(Finding(code="file_unreadable", file=source.name, facts=facts))
        shapes = ()
    told = () if findings.has_errors() else shapes
    return Geography(shapes=told, findings=tuple(findings))


def write(shapes: Iterable[Shape], path: str | Path) -> None:
    """Write shapes as GeoJSON that `read` turns back, a line each."""
    lines = ",\n".join(json.dumps(_feature(each), ensure_ascii=False) for each in shapes)
    text = f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'
    Path(path).write_text(text, encoding="utf-8")


def simplified(shapes: Sequence[Shape], tolerance: float) -> tuple[Shape, ...]:
    """Return shapes with fewer points; neighbours keep the border they share.

    Parameters
    ----------
    shapes
        Areas that lie beside each other, in one map.
    tolerance
        How far a line may move, about [metres].

    Raises
    ------
    PortfolioError
        `shapely_missing`.
    """
    if not shapes:
        return ()
    if find_spec("shapely") is None:
        raise PortfolioError("shapely_missing", "shapely")
    import shapely

    wide = _METRES_PER_DEGREE * math.cos(math.radians(shapes[0].polygons[0][0][0][1]))
    there = [
        shapely.transform(_geometry(each.polygons), lambda xy: xy * (wide, _METRES_PER_DEGREE))
        for each in shapes
    ]
    coarse = shapely.coverage_simplify(there, tolerance)
    back = (shapely.transform(each, lambda xy: xy / (wide, _METRES_PER_DEGREE)) for each in coarse)
    return tuple(
        replace(shape, polygons=_polygons(geometry) or shape.polygons)
        for shape, geometry in zip(shapes, back, strict=True)
    )


class _Reading:
    """One map under way."""

    def __init__(self, source: Path, findings: Findings) -> None:
        self.source, self.findings = source, findings

    def report(
        self,
        code: str,
        severity: Severity = Severity.WARNING,
        *,
        row: int | None = None,
        value: str | None = None,
        facts: Mapping[str, Fact] | None = None,
    ) -> None:
        self.findings.add(
            Finding(
                code=code,
                severity=severity,
                file=self.source.name,
                row=row,
                value=value,
                facts=facts or {},
            )
        )

    def shapes(self) -> tuple[Shape, ...]:
        """Return every area once; of parts under one code one shape is made."""
        if find_spec("shapely") is None:
            raise _MapTrouble("map_library_missing")
        document = _document(self.source)
        grid = _is_dutch_grid(document["features"])
        found: dict[str, Shape] = {}
        for number, feature in enumerate(document["features"], 1):
            shape = self._shape(feature, number, grid=grid)
            if shape is None:
                continue
            if shape.code in found:
                self.report("map_code_twice", row=number, value=shape.code)
                parts = found[shape.code].polygons + shape.polygons
                shape = replace(shape, polygons=_polygons(_united(parts)))
            found[shape.code] = shape
        if not found and not self.findings.has_errors():
            raise _MapTrouble("map_without_areas")
        if outside := sum(map(_is_outside, found.values())):
            self.report("map_outside", facts={"areas": outside})
        return tuple(found.values())

    def _shape(self, feature: object, number: int, *, grid: bool) -> Shape | None:
        """Return the shape of one feature; None when it has none, which is told."""
        own = feature.get("properties") if isinstance(feature, dict) else None
        told = _Properties(own if isinstance(own, dict) else {})
        if told.is_water():
            self.report("map_water", Severity.NOTE, row=number)
            return None
        try:
            code, kind = told.code()
        except CodeTrouble as trouble:
            self.report(trouble.code, Severity.ERROR, row=number, facts=trouble.facts)
            return None
        if not code:
            self.report("map_code_missing", Severity.ERROR, row=number)
            return None
        polygons = self._outline(feature, number, code, grid=grid)
        if not polygons:
            return None
        return Shape(
            code=code,
            name=told.name() or code,
            kind=kind,
            polygons=polygons,
            parent=told.parent(code, kind),
            year=told.year(),
        )

    def _outline(
        self,
        feature: Any,  # noqa: ANN401 - from a file
        number: int,
        code: str,
        *,
        grid: bool,
    ) -> tuple[Polygon, ...]:
        try:
            raw = _rings_of(feature.get("geometry"))
            if not all(_is_on(point, grid=grid) for each in raw for ring in each for point in ring):
                self.report("map_grid", Severity.ERROR, row=number, value=code)
                return ()
            polygons = tuple(_in_degrees(each) if grid else each for each in raw)
        except (
            TypeError,
            ValueError,
            LookupError,
            AttributeError,
            ArithmeticError,
            RecursionError,
        ):
            self.report("map_geometry", Severity.ERROR, row=number, value=code)
            return ()
        geometry = _geometry(tuple(each for each in polygons if each))
        whole = geometry.is_valid
        repaired = _polygons(geometry if whole else _made_valid(geometry))
        if not repaired:
            self.report("map_empty", row=number, value=code)
        elif not whole:
            self.report("map_repaired", row=number, value=code)
        return repaired


class _Properties:
    """The properties of a feature under whichever spelling."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        self.raw = {str(key).lower(): _written(value) for key, value in raw.items()}

    def _first(self, pattern: str) -> tuple[str, str]:
        """Return key and value of the first spelling that is filled."""
        for key, value in self.raw.items():
            if re.fullmatch(pattern, key) and isinstance(value, str | int) and str(value).strip():
                return key, str(value).strip()
        return "", ""

    def code(self) -> tuple[str, ScopeKind]:
        """Return the code of the area itself and its level."""
        kinds = {kind.name.lower(): kind for kind in ScopeKind if kind > ScopeKind.COMPLEX}
        told = kinds.get(str(self.raw.get("kind", "")))
        for kind, pattern in _CODES:
            _, text = self._first(pattern)
            if text:
                code = area_code(text, kind or told)
                return code, kind_of_code(code) or kind or told or ScopeKind.NEIGHBOURHOOD
        return "", ScopeKind.NEIGHBOURHOOD

    def name(self) -> str:
        for pattern in _NAMES:
            _, text = self._first(pattern)
            if text:
                return " ".join(text.split())[:_LONGEST_NAME]
        return ""

    def parent(self, code: str, kind: ScopeKind) -> str | None:
        """Return the area around it: told, or the level above in the same feature."""
        told = self.raw.get("parent")
        if isinstance(told, str) and told:
            return told
        for level, pattern in _CODES:
            if level is not None and level > kind:
                _, text = self._first(pattern)
                try:
                    if text and (around := area_code(text, level)) != code:
                        return around
                except CodeTrouble:
                    continue
        return None

    def year(self) -> int | None:
        """Return the year of the division: told, before the code, or in a spelling."""
        for key in ("year", "jaar", "jrstatcode"):
            match = _YEAR.match(str(self.raw.get(key, "")))
            if match:
                return int(match[0])
        keys = (re.fullmatch(r"(?:bu|wk|gm)_?(\d{4})", key) for key in self.raw)
        return next((int(match[1]) for match in keys if match), None)

    def is_water(self) -> bool:
        """Whether this part of an area is water: CBS draws it apart."""
        if self.raw.get("land") == 0:
            return True
        return any(
            _WATER.fullmatch(key) and str(value).strip().upper() in ("JA", "B")
            for key, value in self.raw.items()
        )


def _written(value: object) -> object:
    """Return a property as a person would have typed it: no half signs, whole numbers whole."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if isinstance(value, bool) else value


def _document(source: Path) -> dict[str, Any]:
    if source.stat().st_size > _LARGEST:
        raise _MapTrouble("file_too_large", most_mb=_LARGEST >> 20)
    try:
        document = json.loads(source.read_bytes().decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise _MapTrouble("map_unreadable") from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise _MapTrouble("map_kind")
    if len(features) > _MOST_FEATURES:
        raise _MapTrouble("map_too_many", most=_MOST_FEATURES)
    return {"features": features}


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _is_dutch_grid(features: Sequence[Any]) -> bool:
    """Whether coordinates are metres: as they can only be, whatever the map calls itself."""
    first = next(_numbers(features), None)
    if first is None or _is_on(first, grid=False):
        return False
    if _is_on(first, grid=True):
        return True
    raise _MapTrouble("map_grid")


def _is_on(point: Point, *, grid: bool) -> bool:
    """Whether a point can be one in metres of the Dutch grid, or else in degrees."""
    if grid:
        return -10_000 <= point[0] <= 310_000 and 280_000 <= point[1] <= 650_000
    return abs(point[0]) <= 180 and abs(point[1]) <= 90


def _is_outside(shape: Shape) -> bool:
    """Whether an area lies outside the Netherlands: most often its two numbers are swapped."""
    lon, lat = shape.polygons[0][0][0]
    return not (_WEST <= lon <= _EAST and _SOUTH <= lat <= _NORTH)


def _numbers(features: Sequence[Any]) -> Iterator[Point]:
    """Yield the first point of each feature that has one."""
    for feature in features:
        try:
            yield _rings_of(feature["geometry"])[0][0][0]
        except (
            TypeError,
            ValueError,
            LookupError,
            AttributeError,
            ArithmeticError,
            RecursionError,
        ):
            continue


def _rings_of(geometry: object) -> tuple[Polygon, ...]:
    """Return the polygons of a geometry as it stands in the file; none for what has no surface."""
    if not isinstance(geometry, dict):
        return ()
    kind, raw = geometry.get("type"), geometry.get("coordinates")
    if kind == "Polygon" and isinstance(raw, list):
        return (_rings(raw),)
    if kind == "MultiPolygon" and isinstance(raw, list):
        return tuple(map(_rings, raw))
    if kind == "GeometryCollection":
        return tuple(ring for each in geometry["geometries"] for ring in _rings_of(each))
    return ()


def _rings(raw: Sequence[Any]) -> Polygon:
    rings = tuple(tuple((float(point[0]), float(point[1])) for point in ring) for ring in raw)
    if not all(math.isfinite(number) for ring in rings for point in ring for number in point):
        raise ValueError
    whole = (ring if ring[:1] == ring[-1:] else (*ring, ring[0]) for ring in rings if ring)
    return tuple(ring for ring in whole if len(ring) >= 4)


def _geometry(polygons: tuple[Polygon, ...]) -> BaseGeometry:
    import shapely

    return shapely.MultiPolygon([(each[0], list(each[1:])) for each in polygons])


def _united(polygons: tuple[Polygon, ...]) -> BaseGeometry:
    import shapely

    return shapely.union_all([shapely.Polygon(each[0], list(each[1:])) for each in polygons])


def _made_valid(geometry: BaseGeometry) -> BaseGeometry:
    import shapely

    return shapely.make_valid(geometry)


def _polygons(geometry: BaseGeometry) -> tuple[Polygon, ...]:
    """Return the parts of a geometry that have a surface."""
    import shapely

    parts = [each for each in shapely.get_parts(geometry) if not each.is_empty]
    inner = [part for each in parts if each.geom_type == "MultiPolygon" for part in each.geoms]
    flat = [each for each in (*parts, *inner) if each.geom_type == "Polygon" and each.area > 0]
    return tuple(
        tuple(
            tuple((round(x, _DIGITS), round(y, _DIGITS)) for x, y, *_ in ring.coords)
            for ring in (each.exterior, *each.interiors)
        )
        for each in flat
    )


def _feature(shape: Shape) -> dict[str, Any]:
    told = {"code": shape.code, "kind": shape.kind.name.lower(), "name": shape.name}
    return {
        "type": "Feature",
        "properties": told | {"parent": shape.parent, "year": shape.year},
        "geometry": {"type": "MultiPolygon", "coordinates": shape.polygons},
    }


# Coefficients (p, q, value) of the series around Amersfoort; x and y in 100 km.
_LATITUDE = (
    (0, 1, 3235.65389),
    (2, 0, -32.58297),
    (0, 2, -0.24750),
    (2, 1, -0.84978),
    (0, 3, -0.06550),
    (2, 2, -0.01709),
    (1, 0, -0.00738),
    (4, 0, 0.00530),
    (2, 3, -0.00039),
    (4, 1, 0.00033),
    (1, 1, -0.00012),
)
_LONGITUDE = (
    (1, 0, 5260.52916),
    (1, 1, 105.94684),
    (1, 2, 2.45656),
    (3, 0, -0.81885),
    (1, 3, 0.05594),
    (3, 1, -0.05607),
    (0, 1, 0.01199),
    (3, 2, -0.00256),
    (1, 4, 0.00128),
    (0, 2, 0.00022),
    (2, 0, -0.00022),
    (5, 0, 0.00026),
)


def _in_degrees(polygon: Polygon) -> Polygon:
    return tuple(tuple(degrees_of(x, y) for x, y in ring) for ring in polygon)


def degrees_of(x: float, y: float) -> Point:
    """Return longitude and latitude of a point of the Dutch grid [metres].

    >>> lon, lat = degrees_of(155_000, 463_000)
    >>> round(lat, 5), round(lon, 5)
    (52.15517, 5.38721)
    """
    dx, dy = (x - 155_000) * 1e-5, (y - 463_000) * 1e-5
    lat = 52.15517440 + sum(value * dx**p * dy**q for p, q, value in _LATITUDE) / 3600
    lon = 5.38720621 + sum(value * dx**p * dy**q for p, q, value in _LONGITUDE) / 3600
    return lon, lat
