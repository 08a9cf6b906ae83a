"""Random small towns: rows of a portfolio, and the same story told to the slow reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from mixwijzer.engine.portfolio import Ground, Known, Portfolio, Scope, ScopeKind
from tests.engine.cases import FIGURES
from tests.engine.random_cases import a_band, a_judge, maybe, one_of, whole
from tests.engine.town import DAY, LONG_AGO, OWNER, SHARES, Town, days

Json = Any
Dice = np.random.Generator

FREE_FROM = days(24)
NOTICE = days(-8)
GROUNDS = {
    "ordinary": Ground.NONE_NEEDED,
    "mediation": Ground.DIRECT_MEDIATION,
    "neighbours": Ground.RESIDENTIAL_GROUP,
}
CATEGORIES = FIGURES.categories


@dataclass
class Stay:
    """Somebody in a home; `asked` is the day on which a judge spoke of those who stay."""

    home: str
    start: date
    end: date | None = None
    asked: date | None = None
    role: str = ""
    label: tuple[str, str] | None = None
    shares: list[float] = field(default_factory=list)

    def gone(self) -> date | None:
        """The day from which the household no longer counts."""
        return min((day for day in (self.end, self.asked) if day), default=None)

    def counts(self, day: date) -> bool:
        """Whether the household counts on a day."""
        gone = self.gone()
        return self.start <= day and (gone is None or day < gone)


@dataclass
class House:
    """One complex, or one stairwell group that is judged apart, as it was and will be."""

    name: str
    homes: list[str]
    stays: list[Stay] = field(default_factory=list)
    rounds: dict[date, list[Json]] = field(default_factory=dict)
    promised: dict[str, list[float]] = field(default_factory=dict)

    def there(self, day: date) -> list[Stay]:
        """Who counts on a day."""
        return [stay for stay in self.stays if stay.counts(day)]

    def leaving(self, asked: str | None) -> list[Stay]:
        """Who will have left by the day the asked home is free."""
        return [
            stay
            for stay in self.there(DAY)
            if stay.home == asked or (stay.end is not None and stay.end <= FREE_FROM)
        ]

    def coming(self, asked: str | None) -> list[list[float]]:
        """Intake shares of the homes that are promised and then empty."""
        occupied = {stay.home for stay in self.there(DAY)} - {
            stay.home for stay in self.leaving(asked)
        }
        return [
            shares
            for home, shares in self.promised.items()
            if home != asked and home not in occupied
        ]

    def told(self, asked: str | None = None) -> Json:
        """The story of the house in the words of the cases."""
        if any(stay.label for stay in self.there(DAY)):
            return self._labels(asked)
        first = min(self.rounds, default=DAY)
        there = self.there(first)
        events: list[Json] = []
        for stay in self.stays:
            gone = stay.gone()
            if first < stay.start <= DAY:
                came = {"on": f"{stay.start}", "type": "let", "shares": stay.shares}
                events.append(came | {"category": stay.role})
            if gone is not None and first < gone <= DAY:
                events.append({"on": f"{gone}", "type": "depart", "category": stay.role})
        events += [
            {"on": f"{day}", "type": "judge", "judges": judges}
            for day, judges in self.rounds.items()
        ]
        later = [{"type": "depart", "category": stay.role} for stay in self.leaving(asked)]
        later += [{"type": "let", "shares": shares} for shares in self.coming(asked)]
        return {
            "from": "judgements",
            "h": len(there),
            "roles": [sum(stay.role == name for stay in there) for name in CATEGORIES],
            "day": f"{DAY}",
            "events": events,
            "then": later,
        }

    def _labels(self, asked: str | None) -> Json:
        there = self.there(DAY)

        def counted(kind: str) -> list[int]:
            return [sum(stay.label == (name, kind) for stay in there) for name in CATEGORIES]

        def known(stay: Stay) -> str:
            return stay.label[0] if stay.label and stay.label[1] != "expired" else ""

        return {
            "from": "labels",
            "complete": counted("round"),
            "signal": counted("signal"),
            "expired": counted("expired"),
            "unknown": sum(stay.label is None for stay in there),
            # Who is known leaves first: the other is then one of those who remain.
            "leavers": sorted(map(known, self.leaving(asked)), key=lambda name: not name),
            "lets": self.coming(asked),
        }


class Story:
    """One random town, told twice while it happens."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.figures = replace(FIGURES, max_m=whole(dice, 2, 4))
        self.town = Town(self.figures)
        self.level = one_of(dice, ["oordeel", "oordeel", "afspraak", "huishouden"])
        self.houses: dict[str, list[House]] = {}
        self.recorded: tuple[str, date] | None = None
        self.with_stairwells = maybe(dice, 0.5)
        self.judged_apart = self.with_stairwells and self.level == "oordeel" and maybe(dice, 0.5)
        for id_ in GROUNDS:
            self._channel(id_)
        self._complex("C", homes=whole(dice, 3, 6), stairwells="AB" if self.with_stairwells else "")
        for id_ in ("E", "F")[: whole(dice, 0, 2)]:
            self._complex(id_, homes=whole(dice, 1, 3), neighbourhood=one_of(dice, ["BU", "BV"]))
        self.town.complex("G", homes=3, owner="another owner")
        self._asked_home()
        self._profiles()

    # --- the town ---

    def _channel(self, id_: str) -> None:
        ground = GROUNDS[id_]
        source = "" if maybe(self.dice, 0.3) else "agreement"
        ends = one_of(self.dice, [None, None, DAY, days(1)])
        self.town.channel(id_, ground, ground_source=source, ground_end=ends)

    def _complex(
        self, id_: str, *, homes: int, stairwells: str = "", neighbourhood: str = "BU"
    ) -> None:
        town, dice = self.town, self.dice
        if neighbourhood == "BV" and not any(area.code == "BV" for area in town.areas):
            town.areas.append(replace(town.areas[2], code="BV"))
        town.complex(
            id_, homes=homes, occupied=0, stairwells=stairwells, neighbourhood=neighbourhood
        )
        mine = [home for home in town.dwellings if home.complex == id_]
        if maybe(dice, 0.3):
            out = replace(mine[-1], id=f"{id_}-out", in_base=False)
            town.dwellings.append(out)
            town.lives(out.id)
        if self.judged_apart and id_ == "C":
            groups = [
                House(f"C/{name}", [home.id for home in mine if home.stairwell == name])
                for name in stairwells
            ]
        else:
            groups = [House(id_, [home.id for home in mine])]
        self.houses[id_] = groups
        for house in groups:
            for home in house.homes:
                # Where nobody ever held a lease in a complex its homes count as occupied.
                self._history(house, home, leased=home == mine[0].id)
            judged = house.name.startswith("C/") or maybe(dice, 0.7)
            if judged:
                self._rounds(house)

    def _shares(self, channel: str, category: str | None = None) -> list[float]:
        if category is not None:
            return [float(name == category) for name in CATEGORIES]
        return [float(share) for share in SHARES[channel]]

    def _history(self, house: House, home: str, *, leased: bool) -> None:
        """Who lived in a home, who will leave it, and to whom it is promised."""
        dice = self.dice
        kinds = ["left", "leaves", "came", "swap", *["stays"] * 4]
        kind = one_of(dice, kinds if leased else [*kinds, "empty", "promised"])
        if kind in {"promised", "swap"}:
            self._promise(house, home)
        if kind in {"empty", "promised"}:
            return
        stay = Stay(home, LONG_AGO)
        if kind == "left":
            stay.end = days(-whole(dice, 0, 200))
        elif kind in {"leaves", "swap"}:
            stay.end = days(whole(dice, 1, 40))
        elif kind == "came":
            stay = self._arrival(home, days(-whole(dice, 10, 200)))
        house.stays.append(stay)
        self.town.lives(home, since=stay.start, until=stay.end)
        if self.level == "afspraak" and maybe(dice, 0.5):
            self._role(stay)
        if self.level == "huishouden" and maybe(dice, 0.7):
            self._label(stay)

    def _arrival(self, home: str, on: date) -> Stay:
        """Somebody who came during the year, along a channel where that is known."""
        if maybe(self.dice, 0.5):
            return Stay(home, on, shares=self._shares("ordinary"))
        channel = one_of(self.dice, list(SHARES))
        self.town.promised(
            home,
            channel=channel,
            on=on - timedelta(days=10),
            id_=f"V-came-{home}",
            notice=on - timedelta(days=40),
            free_from=on,
        )
        return Stay(home, on, shares=self._shares(channel))

    def _promise(self, house: House, home: str) -> None:
        channel = one_of(self.dice, list(SHARES))
        category = one_of(self.dice, [None, *CATEGORIES])
        self.town.promised(home, channel=channel, category=category)
        house.promised[home] = self._shares(channel, category)

    def _role(self, stay: Stay) -> None:
        stay.role = one_of(self.dice, CATEGORIES)
        told = days(-whole(self.dice, 300, 330))
        self.town.agrees(stay.home, stay.role, on=min(told, LONG_AGO), told=told)

    def _label(self, stay: Stay) -> None:
        category = one_of(self.dice, CATEGORIES)
        kind = one_of(self.dice, ["round", "round", "signal", "expired"])
        stay.label = (category, kind)
        told = max(stay.start, days(-300))
        self.town.labelled(
            stay.home,
            category,
            told=told,
            source="signal" if kind == "signal" else "round",
            review_by=DAY if kind == "expired" and maybe(self.dice, 0.5) else days(200),
            contested=False,
        )
        if kind == "expired" and self.town.assessments[-1].review_by != DAY:
            self.town.assessments[-1] = replace(self.town.assessments[-1], contested=True)

    def _rounds(self, house: House) -> None:
        for ago in sorted({whole(self.dice, 0, 150) for _ in range(whole(self.dice, 1, 2))}):
            on = days(-ago)
            names = self.dice.permutation(["x", "y", "z"])[: whole(self.dice, 1, 2)]
            part = maybe(self.dice, 0.1)
            self._round(house, on, [str(by) for by in names], part=part)

    def _round(
        self,
        house: House,
        on: date,
        names: Sequence[str],
        *,
        part: bool = False,
        vacancy: str | None = None,
    ) -> None:
        there = len(house.there(on))
        judges = [a_judge(self.dice, self.figures, there, by, part=part) for by in names]
        house.rounds[on] = [*house.rounds.get(on, []), *judges]
        kind = ScopeKind.STAIRWELL if "/" in house.name else ScopeKind.COMPLEX
        for judge in judges:
            says = {name: judge[name] for name in CATEGORIES if name in judge}
            self.town.judged(
                on,
                by=judge["by"],
                scope=Scope(kind, house.name),
                known=Known.PART if part else Known.MOST,
                vacancy=vacancy,
                **says,
            )

    # --- the question ---

    def _asked_home(self) -> None:
        """Choose the home that is asked about: its household leaves, or nobody lives there."""
        choices = [
            (house, home)
            for house in self.houses["C"]
            for home in house.homes
            if home not in house.promised
        ]
        if not choices:
            self.town.complex("C2", homes=1, occupied=0)
            raise NothingToAskError
        self.house, self.home = one_of(self.dice, choices)
        self.town.vacancy(self.home, id_="V", notice=NOTICE, free_from=FREE_FROM)
        mine = [stay for stay in self.house.there(DAY) if stay.home == self.home]
        self.leaver = mine[0] if mine else None
        if self.leaver is None:
            return
        if self.leaver.end is None:
            self.leaver.end = FREE_FROM
        unlabelled = self.leaver.label is None
        later = all(day < NOTICE for day in self.house.rounds)
        if unlabelled and self.level == "oordeel" and later and maybe(self.dice, 0.5):
            self.leaver.asked = days(-whole(self.dice, 0, 5))
            self._round(self.house, self.leaver.asked, ["x"], vacancy="V")

    def _profiles(self) -> None:
        dice, town = self.dice, self.town
        for at in (ScopeKind.COMPLEX, ScopeKind.NEIGHBOURHOOD, ScopeKind.DISTRICT):
            for name in CATEGORIES:
                if maybe(dice, 0.5):
                    town.band(name, at=at, **a_band(dice))
        setters = [("organisation", OWNER), ("neighbourhood", "BU"), ("complex", "C")]
        for index in range(whole(dice, 0, 3)):
            kind, code = one_of(dice, setters)
            at = (
                ScopeKind.COMPLEX
                if self.with_stairwells is False
                else one_of(dice, [ScopeKind.COMPLEX, ScopeKind.STAIRWELL])
            )
            start, end = one_of(
                dice, [(days(-9), None), (days(-9), DAY), (days(1), None), (DAY, days(1))]
            )
            name = "attention" if maybe(dice, 0.7) else one_of(dice, CATEGORIES)
            town.cap(
                whole(dice, 0, 3),
                name,
                at=at,
                set_by_kind=kind,
                set_by=code,
                start=start,
                end=end,
                id_=f"cap-{index}",
            )
        if maybe(dice, 0.3):
            plan = one_of(dice, [DAY, days(1)])
            town.band("regular", fill_up_until=plan, target=5000)
        if maybe(dice, 0.3):
            town.band(id_="draft", draft=True, set_by_kind="complex", set_by="C", max=9000)

    def refused(self) -> bool:
        """Whether the bands of any scope can be met by no mix (§3b.18)."""
        kinds = (ScopeKind.COMPLEX, ScopeKind.NEIGHBOURHOOD, ScopeKind.DISTRICT)
        profiles = [self._profile(kind, draft=draft) or {} for kind in kinds for draft in (0, 1)]
        return any(not _can_be_met(list(profile.values())) for profile in profiles)

    # --- told to the slow reading ---

    def portfolio(self) -> Portfolio:
        """The rows, in random order."""
        whole_ = self.town.portfolio()
        return replace(
            whole_,
            **{
                name: tuple(rows[index] for index in self.dice.permutation(len(rows)))
                for name, rows in vars(whole_).items()
                if name in {"complexes", "dwellings", "tenancies", "judgements", "vacancies"}
            },
        )

    def case(self) -> Json:
        """The same town in the words of the cases."""
        own = next(house for house in self.houses["C"] if self.home in house.homes)
        scopes: list[Json] = []
        stairwell = next(home.stairwell for home in self.town.dwellings if home.id == self.home)
        if stairwell:
            scope = self._scope(
                "C/" + stairwell, ScopeKind.STAIRWELL, self._in_stairwell(stairwell)
            )
            if self.judged_apart:
                scope["account"] = own.told(self.home)
            else:
                mine = self._in_stairwell(stairwell)
                leaving = {stay.home for stay in own.leaving(self.home)}
                there = {stay.home for stay in own.there(DAY)} - leaving
                coming = {home for home in own.promised if home != self.home and home not in there}
                scope["drawn"] = sum(home in there or home in coming for home in mine)
            scopes.append(scope)
        homes = [home for house in self.houses["C"] for home in house.homes]
        complex_ = self._scope("C", ScopeKind.COMPLEX, homes)
        if self.judged_apart:
            others = [house for house in self.houses["C"] if house is not own]
            complex_["rest"] = [house.told() for house in others]
        else:
            complex_["account"] = own.told(self.home)
        scopes.append(complex_)
        inside = {"C"}
        for code, kind in (
            ("BU", ScopeKind.NEIGHBOURHOOD),
            ("WK", ScopeKind.DISTRICT),
            ("GM", ScopeKind.MUNICIPALITY),
        ):
            mine = {
                each.id
                for each in self.town.complexes
                if each.owner == OWNER and (code != "BU" or each.neighbourhood == "BU")
            }
            scope = self._scope(code, kind, [home for id_ in mine for home in self._base(id_)])
            scope["rest"] = [
                house.told() for id_ in sorted(mine - inside) for house in self.houses[id_]
            ]
            inside |= mine
            scopes.append(scope)
        case: Json = {
            "scopes": scopes,
            "notice": f"{NOTICE}",
            "channels": [
                {
                    "name": each.id,
                    "shares": self._shares(each.id),
                    "ground": each.has_ground(DAY),
                }
                for each in self.town.channels
            ],
        }
        if self.leaver is not None:
            case |= self._leaver()
        if any(row.draft for row in self.town.profiles):
            profile = self._profile(ScopeKind.COMPLEX, draft=True)
            case["drafts"] = {"draft": {"C": profile}}
        return case

    def _leaver(self) -> Json:
        told = next(
            (
                row.recorded_at
                for row in self.town.roles
                if row.tenancy.startswith(f"T-{self.home}-")
            ),
            None,
        )
        label = self.leaver.label
        known = self.leaver.role or (label[0] if label and label[1] != "expired" else "")
        if not known:
            return {}
        if told is None:
            household = self.town.lease_of(self.home).household
            told = next(
                row.recorded_at for row in self.town.assessments if row.household == household
            )
        return {"leaver": {"category": known, "recorded": f"{told.date()}"}}

    def _base(self, id_: str) -> list[str]:
        return [home.id for home in self.town.dwellings if home.complex == id_ and home.in_base]

    def _in_stairwell(self, name: str) -> list[str]:
        return [
            home.id
            for home in self.town.dwellings
            if home.complex == "C" and home.stairwell == name and home.in_base
        ]

    def _scope(self, code: str, kind: ScopeKind, homes: Sequence[str]) -> Json:
        scope: Json = {"name": code, "n": len(homes)}
        profile = self._profile(kind)
        if profile is not None:
            scope["profile"] = profile
        caps = [
            {"category": cap.category, "at_most": cap.at_most, "id": cap.id}
            for cap in self.town.caps
            if cap.for_kind is kind
            and cap.start <= DAY
            and (cap.end is None or cap.end > DAY)
            and (kind <= ScopeKind.COMPLEX)
        ]
        if caps:
            scope["caps"] = caps
        scope["fill_up"] = any(
            row.fill_up_until is not None and row.fill_up_until > DAY and row.for_kind is kind
            for row in self.town.profiles
        )
        return scope

    def _profile(self, kind: ScopeKind, *, draft: bool = False) -> Json | None:
        """The bands of a scope: the draft's values lie over those of the organisation."""
        rows = [row for row in self.town.profiles if row.for_kind is kind]
        found: Json = {}
        for row in rows:
            if row.draft and not draft:
                continue
            band = found.setdefault(row.category, {})
            for name in ("min", "target", "max"):
                value = getattr(row.band, name)
                if value is not None:
                    band[name] = value
            if row.band.hard:
                band["hard"] = True
        return found or None


def _can_be_met(bands: Sequence[Json]) -> bool:
    targets = [band["target"] for band in bands if "target" in band]
    full = len(targets) == len(CATEGORIES)
    ordered = all(
        [band[name] for name in ("min", "target", "max") if name in band]
        == sorted(band[name] for name in ("min", "target", "max") if name in band)
        for band in bands
    )
    floors = sum(band.get("min", 0) for band in bands)
    return (
        ordered
        and floors <= 10_000
        and (sum(targets) == 10_000 if full else sum(targets) <= 10_000)
    )


class NothingToAskError(Exception):
    """Every home of the complex is promised already."""


def a_town(dice: Dice) -> tuple[Story, Portfolio, Json] | None:
    """A town with its rows and its case; None where nothing can be asked."""
    try:
        story = Story(dice)
    except NothingToAskError:
        return None
    case = story.case()
    return story, story.portfolio(), case
