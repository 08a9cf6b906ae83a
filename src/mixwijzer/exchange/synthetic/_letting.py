"""The made-up lettings: notices, what is open now, through which channel the rest was let."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from mixwijzer.engine.portfolio import Ground, Letting, Placement, Vacancy
from mixwijzer.exchange.synthetic._hidden import OPEN, WAYS, Flags, Ints, Lives
from mixwijzer.exchange.synthetic._homes import Homes

GROUPS = ("status_holder", "outflow_sheltered_living", "outflow_shelter")
HISTORY = 548  # how far back notices are told [d]
YEAR = 365  # after this a letting's group, and a placement's tie, are gone [d]
CO_OPTATION_ENDED = 60  # how long ago that channel's ground expired [d]
_WAY = {way.id: index for index, way in enumerate(WAYS)}
_GROUND = {
    "ordinary": Ground.NONE_NEEDED,
    "motivation": Ground.EXPERIMENT,
    "social_rules": Ground.EXPERIMENT,
    "mediation": Ground.DIRECT_MEDIATION,
    "landing": Ground.DIRECT_MEDIATION,
    "co_optation": Ground.RESIDENTIAL_GROUP,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Every home that came or comes free, oldest notice first: arrays (V,), days as ordinals [d].

    Parameters
    ----------
    dwelling, leaver, follower
        Where; who leaves (−1: a new home) and who comes next (−1: nobody yet), as households.
    notice, free_from, publication
        When it was known, when it is empty, when it is advertised.
    let_on
        When it was let, `OPEN` when that is still to be done on the day.
    """

    dwelling: Ints
    leaver: Ints
    follower: Ints
    notice: Ints
    free_from: Ints
    publication: Ints
    let_on: Ints

    def only(self, keep: Flags | Ints) -> Notices:
        """Return the chosen ones, in the order chosen."""
        return Notices(**{name: getattr(self, name)[keep] for name in self.__slots__})

    @property
    def open(self) -> Flags:
        """Which are still to be let."""
        return np.asarray(self.let_on == OPEN)


def give_notice(rng: np.random.Generator, homes: Homes, lives: Lives) -> tuple[Lives, Notices]:
    """Draw who gave notice by the day, so that as many homes are open as a town this size has.

    About one home in 300 is open, at least six and one of the second association. Where chance
    brings fewer, somebody more gives notice; where it brings more, the oldest are promised.
    """
    day = homes.day.toordinal()
    found = _departures(rng, homes, lives)
    wanted = max(6, round(homes.stock.complex.size / 300))
    second = homes.stock.second[homes.stock.complex[found.dwelling]] & found.open
    short = max(wanted - int(found.open.sum()), int(not second.any()))
    if short:
        extra = _more(rng, homes, lives, found, short, second_too=not second.any())
        end, spell_end = lives.end.copy(), lives.spell_end.copy()
        end[extra.leaver] = extra.free_from
        last = (lives.spell_end == OPEN) & np.isin(lives.spell_household, extra.leaver)
        spell_end[last] = end[lives.spell_household[last]]
        lives = replace(lives, end=end, spell_end=spell_end)
        found = _joined(found, extra)
    found = _promise(found, wanted, day)
    found = _joined(found, _new_homes(homes, lives))
    return lives, found.only(np.lexsort((found.dwelling, found.notice)))


def _joined(first: Notices, then: Notices) -> Notices:
    parts = {
        name: np.concatenate([getattr(first, name), getattr(then, name)])
        for name in Notices.__slots__
    }
    return Notices(**parts)


def _departures(rng: np.random.Generator, homes: Homes, lives: Lives) -> Notices:
    """Return the departures of the last year and a half, those announced included."""
    day = homes.day.toordinal()
    count = lives.end.size
    before = 28 + rng.integers(0, 7, count)
    advert = rng.integers(3, 11, count)
    choice = rng.integers(5, 13, count)
    told = np.where(lives.end == OPEN, OPEN, lives.end - before)
    keep = (lives.start <= day) & (lives.end > day - HISTORY) & (told <= day)
    keep &= homes.stock.in_base[lives.dwelling] & (lives.start < told)
    keep &= homes.stock.complex[lives.dwelling] != homes.stock.fill_up
    who = np.flatnonzero(keep)
    follower = _followers(lives)[who]
    moves_in = np.where(follower < 0, OPEN, lives.start[follower])
    publication = told[who] + advert[who]
    let_on = np.minimum(publication + choice[who], moves_in - 1)
    let_on = np.where((let_on > day) | (follower < 0), OPEN, np.maximum(let_on, publication))
    is_open = let_on == OPEN
    soon = _weekday(np.maximum(day + rng.integers(0, 7, who.size), told[who] + 2))
    return Notices(
        dwelling=lives.dwelling[who],
        leaver=who,
        follower=np.where(is_open, -1, follower),
        notice=told[who],
        free_from=lives.end[who],
        publication=np.where(is_open, soon, publication),
        let_on=let_on,
    )


def _weekday(days: Ints) -> Ints:
    """Move Saturdays and Sundays to the Monday after."""
    weekday = (days + 6) % 7
    return days + np.where(weekday >= 5, 7 - weekday, 0)


def _followers(lives: Lives) -> Ints:
    """Return per household who lives there next, −1 for nobody."""
    order = np.lexsort((lives.start, lives.dwelling))
    same = lives.dwelling[order[:-1]] == lives.dwelling[order[1:]]
    follower = np.full(lives.dwelling.size, -1)
    follower[order[:-1][same]] = order[1:][same]
    return follower


def _more(
    rng: np.random.Generator,
    homes: Homes,
    lives: Lives,
    found: Notices,
    short: int,
    *,
    second_too: bool,
) -> Notices:
    """Let some more households give notice, the first two in one complex."""
    day = homes.day.toordinal()
    where = homes.stock.complex[lives.dwelling]
    stays = (lives.start < day - 60) & (lives.end == OPEN) & homes.stock.in_base[lives.dwelling]
    stays &= where != homes.stock.fill_up
    second = homes.stock.second[where]
    also = rng.permutation(np.flatnonzero(stays & second))[: int(second_too)]
    first = rng.permutation(np.flatnonzero(stays & ~second))
    taken = where[np.concatenate([found.leaver[found.open], first[:1]])][0]
    ranked = np.concatenate([first[where[first] == taken][:1], first])
    _, place = np.unique(ranked, return_index=True)
    ranked = ranked[np.sort(place)][: short - also.size]
    chosen = np.concatenate([ranked, also])
    told = day - rng.integers(0, 15, chosen.size)
    return Notices(
        dwelling=lives.dwelling[chosen],
        leaver=chosen,
        follower=np.full(chosen.size, -1),
        notice=told,
        free_from=told + 30,
        publication=_weekday(np.maximum(day + rng.integers(0, 7, chosen.size), told + 2)),
        let_on=np.full(chosen.size, OPEN),
    )


def _promise(found: Notices, wanted: int, day: int) -> Notices:
    """Let the oldest of what is open beyond the wanted number be promised."""
    waiting = np.flatnonzero(found.open)
    surplus = waiting[np.argsort(found.notice[waiting], kind="stable")][
        : max(waiting.size - wanted, 0)
    ]
    surplus = surplus[found.notice[surplus] + 2 <= day]
    let_on, publication = found.let_on.copy(), found.publication.copy()
    let_on[surplus] = np.maximum(day - 1, found.notice[surplus] + 2)
    publication[surplus] = np.minimum(publication[surplus], let_on[surplus])
    return replace(found, let_on=let_on, publication=publication)


def _new_homes(homes: Homes, lives: Lives) -> Notices:
    """Advertise the homes of the complex in fill-up: let, promised, two open, the rest waits."""
    day = homes.day.toordinal()
    own = np.flatnonzero(homes.stock.complex == homes.stock.fill_up)
    comes = np.full(own.size, -1)
    who = np.flatnonzero(np.isin(lives.dwelling, own))
    comes[np.searchsorted(own, lives.dwelling[who])] = who
    start = np.where(comes < 0, OPEN, lives.start[comes])
    let_on = np.where(start - 14 <= day, start - 14, OPEN)
    told = np.flatnonzero(let_on < OPEN)
    rest = np.flatnonzero(let_on == OPEN)[:2]
    chosen = np.concatenate([told, rest])
    return Notices(
        dwelling=own[chosen],
        leaver=np.full(chosen.size, -1),
        follower=np.where(let_on[chosen] < OPEN, comes[chosen], -1),
        notice=np.full(chosen.size, day - 100),
        free_from=np.full(chosen.size, day - 63),
        publication=np.where(
            let_on[chosen] < OPEN, let_on[chosen] - 10, _weekday(day + 4 + 0 * own[chosen])
        ),
        let_on=let_on[chosen],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The rows about letting; a vacancy is told at its notice and once more when it is let."""

    vacancies: tuple[Vacancy, ...]
    lettings: tuple[Letting, ...]
    placements: tuple[Placement, ...]


def tell(rng: np.random.Generator, homes: Homes, lives: Lives, notices: Notices) -> Told:
    """Tell the notices as vacancies, lettings and placements."""
    vacancies = tuple(_vacancy(homes, notices, index) for index in range(notices.notice.size))
    let = np.flatnonzero(~notices.open)
    way = _ways(rng, homes, lives, notices)
    groups = rng.choice(len(GROUPS), notices.notice.size, p=(0.5, 0.3, 0.2))
    families = np.where(
        rng.random(notices.notice.size) < 0.32, rng.integers(3, 7, notices.notice.size), 1
    )
    lettings: list[Letting] = []
    placements: list[Placement] = []
    for index in let.tolist():
        letting = _letting(
            homes,
            vacancies[index],
            WAYS[way[index]].id,
            GROUPS[groups[index]],
            int(families[index]),
        )
        lettings.append(letting)
        follower = notices.follower[index]
        if follower >= 0 and lives.start[follower] <= homes.day.toordinal():
            number = len(placements) + 1
            start = int(lives.start[follower])
            where = int(homes.stock.complex[notices.dwelling[index]])
            placements.append(_placement(homes, letting, number, start, where))
    history = tuple(told for each in vacancies for told in _history(homes, each))
    return Told(vacancies=history, lettings=tuple(lettings), placements=tuple(placements))


def _vacancy(homes: Homes, notices: Notices, index: int) -> Vacancy:
    let_on = int(notices.let_on[index])
    told = int(notices.notice[index])
    return Vacancy(
        id=f"V{index + 1:05d}",
        dwelling=homes.dwellings[notices.dwelling[index]],
        notice=date.fromordinal(told),
        free_from=date.fromordinal(int(notices.free_from[index])),
        publication=date.fromordinal(int(notices.publication[index])),
        closed_on=date.fromordinal(let_on) if let_on < OPEN else None,
    )


def _history(homes: Homes, vacancy: Vacancy) -> Iterator[Vacancy]:
    """Yield what was recorded of a vacancy: the notice, then perhaps its letting."""
    yield replace(vacancy, closed_on=None, recorded_at=homes.told(vacancy.notice.toordinal(), 1))
    if vacancy.closed_on:
        yield replace(vacancy, recorded_at=homes.told(vacancy.closed_on.toordinal(), 1))


def _ways(rng: np.random.Generator, homes: Homes, lives: Lives, notices: Notices) -> Ints:
    """Return the channel per letting, as an index into WAYS.

    A follower keeps his own; the choice by a residential group has no ground any more for some
    time, so those lettings went through the ordinary offer.
    """
    odds = np.array([way.weight for way in WAYS])
    drawn = rng.choice(len(WAYS), notices.notice.size, p=odds / odds.sum())
    way = np.where(notices.follower < 0, drawn, lives.way[notices.follower])
    ended = notices.let_on >= homes.day.toordinal() - CO_OPTATION_ENDED
    return np.where((way == _WAY["co_optation"]) & ended, _WAY["ordinary"], way)


def _letting(homes: Homes, vacancy: Vacancy, channel: str, group: str, family: int) -> Letting:
    """Tell one letting; the group it was for is kept for a year only."""
    let_on = vacancy.closed_on or homes.day
    ground = _GROUND[channel]
    grouped = ground is Ground.DIRECT_MEDIATION and (homes.day - let_on).days < YEAR
    landing = channel == "landing"
    return Letting(
        vacancy=vacancy.id,
        channel=channel,
        ground=ground,
        category="attention" if ground is Ground.DIRECT_MEDIATION else None,
        group=(GROUPS[1] if landing else group) if grouped else None,
        persons=(1 if landing else family) if grouped else None,
        on=let_on,
        recorded_at=homes.told(let_on.toordinal()),
    )


def _placement(homes: Homes, letting: Letting, number: int, start: int, where: int) -> Placement:
    """Count what a home was let for; its tie to the vacancy goes after a year."""
    moved_in = date.fromordinal(start)
    return Placement(
        id=f"P{number:05d}",
        scope=homes.scope(where),
        month=moved_in.replace(day=1),
        category=letting.category,
        channel=letting.channel,
        vacancy=letting.vacancy if (homes.day - moved_in).days < YEAR else None,
        recorded_at=homes.told(start, 2),
    )
