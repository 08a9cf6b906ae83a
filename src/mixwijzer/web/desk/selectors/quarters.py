"""How does each neighbourhood stand, in the homes of the reader's own association?

The account of a neighbourhood is hidden while the reader's own view is asked of a complex in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from mixwijzer.web.accounts.models import Organisation, User, Visitor
from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.accounts.roles import Action
from mixwijzer.web.desk import bridge
from mixwijzer.web.desk.bridge import ScopeAccount
from mixwijzer.web.letting.models import Vacancy
from mixwijzer.web.letting.selectors import hidden_complexes
from mixwijzer.web.letting.transitions import OPEN
from mixwijzer.web.register.models import Area, ComplexFacts, Count, Delivery
from mixwijzer.web.register.selectors import Polygon, shapes

__all__ = ["QuarterLine", "Quarters", "quarters_page"]

SMALL = 5  # a counted number under this is not shown [households]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedElsewhere:
    """What another owner counted in a neighbourhood; None stands for fewer than five."""

    category: str
    households: int | None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterLine:
    """One neighbourhood of one association.

    `account` is None where there are too few homes to show one; `asked` says that the reader's own
    view comes first there.
    """

    code: str
    name: str
    association: str
    complexes: int
    open_vacancies: int
    homes: int
    area_homes: int | None
    account: ScopeAccount | None
    asked: bool
    few: bool
    elsewhere: tuple[CountedElsewhere, ...]
    at: tuple[float, float] | None
    polygons: Sequence[Polygon]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarters:
    """Every neighbourhood, by name; `smallest` is the fewest homes that an account is shown of."""

    lines: tuple[QuarterLine, ...]
    smallest: int
    data_date: date | None


def quarters_page(user: Visitor, *, now: datetime) -> Quarters:
    """Return the neighbourhoods of this reader's associations, in a fixed number of queries."""
    person, day = somebody(user), localdate(now)
    owners = Organisation.objects.filter(pk__in=person.owners(Action.SEE_ADVICE)).order_by("pk")
    drawn = {each.code: each.polygons for each in shapes(person)}
    lines = [line for owner in owners for line in _Quarter(person, owner, day, drawn).lines()]
    delivery = Delivery.objects.visible_to(person).order_by("-at", "-pk").first()
    return Quarters(
        lines=tuple(sorted(lines, key=lambda each: (each.name.lower(), each.association))),
        smallest=bridge.smallest_group(day),
        data_date=delivery.data_date if delivery else None,
    )


class _Quarter:
    """The reading of one association's neighbourhoods."""

    def __init__(
        self, user: User, owner: Organisation, day: date, drawn: Mapping[str, Sequence[Polygon]]
    ) -> None:
        self.user, self.owner, self.day, self.drawn = user, owner, day, drawn
        rows = ComplexFacts.objects.for_organisation(owner).filter(replaced_at=None)
        self.inside: dict[str, list[ComplexFacts]] = defaultdict(list)
        for row in rows.exclude(neighbourhood=None).order_by("complex_id"):
            self.inside[row.neighbourhood or ""].append(row)

    def lines(self) -> list[QuarterLine]:
        """Put the lines together."""
        if not self.inside:
            return []
        rows = Area.objects.for_organisation(self.owner).filter(replaced_at=None)
        areas = {row.code: row for row in rows.filter(code__in=self.inside)}
        hidden = set(hidden_complexes(self.user))
        open_ones = Vacancy.objects.for_organisation(self.owner).filter(state__in=OPEN)
        free = Counter(open_ones.values_list("complex_id", flat=True))
        first = {code: rows[0].complex_id for code, rows in self.inside.items() if code in areas}
        accounts = bridge.accounts_of_areas(self.owner, first, self.day)
        counted = self._counted()
        return [
            self._line(areas[code], accounts[code], hidden, free, counted.get(code, ()))
            for code in first
        ]

    def _line(
        self,
        area: Area,
        account: ScopeAccount,
        hidden: set[int],
        free: Mapping[int, int],
        elsewhere: tuple[CountedElsewhere, ...],
    ) -> QuarterLine:
        rows = self.inside[area.code]
        asked = any(row.complex_id in hidden for row in rows)
        few = account.base < bridge.smallest_group(self.day)
        return QuarterLine(
            code=area.code,
            name=area.name,
            association=self.owner.name,
            complexes=len(rows),
            open_vacancies=sum(free.get(row.complex_id, 0) for row in rows),
            homes=account.base,
            area_homes=area.dwellings,
            account=None if asked or few else account,
            asked=asked,
            few=few,
            elsewhere=elsewhere,
            at=_middle(rows),
            polygons=self.drawn.get(area.code, ()),
        )

    def _counted(self) -> dict[str, tuple[CountedElsewhere, ...]]:
        """Return what other owners counted per neighbourhood, the last count of each category."""
        rows = (
            Count.objects.for_organisation(self.owner)
            .filter(replaced_at=None, complex=None, scheme=bridge.DEFAULT_SCHEME)
            .filter(scope_code__in=self.inside, on__lte=self.day)
            .order_by("on", "pk")
        )
        found: dict[str, dict[str, CountedElsewhere]] = defaultdict(dict)
        for row in rows:
            number = None if 0 < row.households < SMALL else row.households
            found[row.scope_code][row.category] = CountedElsewhere(
                category=row.category, households=number, on=row.on
            )
        return {code: tuple(each.values()) for code, each in found.items()}


def _middle(rows: list[ComplexFacts]) -> tuple[float, float] | None:
    """Return the middle of the complexes of a neighbourhood (longitude, latitude)."""
    known = [(row.lon, row.lat) for row in rows if row.lon is not None and row.lat is not None]
    if not known:
        return None
    return sum(lon for lon, _ in known) / len(known), sum(lat for _, lat in known) / len(known)
