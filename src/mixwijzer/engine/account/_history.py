"""From a portfolio's rows to accounts: what happened in a complex, who is there, who comes?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property, lru_cache

from mixwijzer.engine.account._filter import Event, State, Statement
from mixwijzer.engine.account._joint import Summed
from mixwijzer.engine.account._labels import Labels
from mixwijzer.engine.account._outlook import Level, Outlook, Stay
from mixwijzer.engine.errors import AccountError
from mixwijzer.engine.norms import Assumptions, Scheme
from mixwijzer.engine.portfolio import (
    Assessment,
    Count,
    Dwelling,
    Ground,
    Judgement,
    Known,
    Letting,
    Portfolio,
    Role,
    Scope,
    ScopeKind,
    Tenancy,
    Vacancy,
)

_DOUBT = (Known.ALL, Known.MOST, Known.PART)


class Accounts:
    """Every account of one portfolio on one day.

    Parameters
    ----------
    portfolio
        As known on the day; of one owner where areas are read.
    assumptions
        Figures in force on the day.
    day
        Up to and including which events count.
    scheme
        Name of the scheme.
    states
        Filter states kept elsewhere; for those scopes only what happened after
        `State.through` is read from the portfolio.
    """

    def __init__(
        self,
        portfolio: Portfolio,
        assumptions: Assumptions,
        day: date,
        *,
        scheme: str = "role",
        states: Mapping[Scope, State] | None = None,
    ) -> None:
        known = {**assumptions.schemes, **{each.name: each for each in portfolio.schemes}}
        if scheme not in known:
            raise AccountError("scheme_missing", scheme)
        self.portfolio, self.assumptions, self.day = portfolio, assumptions, day
        self.scheme: Scheme = known[scheme]
        self._given: Mapping[Scope, State] = states or {}
        self.state = lru_cache(maxsize=None)(self._state)
        self.outlook = lru_cache(maxsize=None)(self._outlook)
        self.groups = lru_cache(maxsize=None)(self._groups)
        self._stays = lru_cache(maxsize=None)(self._built_stays)
        self._pending = lru_cache(maxsize=None)(self._built_pending)
        self._words = lru_cache(maxsize=None)(self._built_words)

    def of(self, scope: Scope) -> Summed:
        """Return the account of any scope on the day; above the complex, a convolution."""
        if scope.kind > ScopeKind.COMPLEX:
            return Summed(self.scheme, [self.of(each) for each in self._complexes(scope)])
        groups = self.groups(scope)
        if groups:
            return Summed(self.scheme, [self.of(each) for each in groups])
        labels = self.labels(scope)
        return self.state(scope).account if labels is None else labels.account()

    def present(self, scope: Scope) -> int:
        """Count the households present on the day [households]; exact."""
        if scope.kind > ScopeKind.COMPLEX:
            return sum(self.present(each) for each in self._complexes(scope))
        if self.groups(scope):
            return sum(map(self.present, self.groups(scope)))
        leaving, _ = self._pending(scope)
        asked = sum(
            stay.counted_until is not None and stay.counted_until <= self.day for stay in leaving
        )
        return self.state(scope).account.households + asked

    def vacant(self, scope: Scope) -> int:
        """Count the dwellings of the base without a household on the day [dwellings]."""
        return max(self.portfolio.base(scope) - self.present(scope), 0)

    def committed(self, scope: Scope) -> int:
        """Count the dwellings that are promised to a household still to come [dwellings]."""
        if scope.kind > ScopeKind.COMPLEX:
            return sum(self.committed(each) for each in self._complexes(scope))
        return len(self._pending(scope)[1])

    def impossible(self, scope: Scope) -> tuple[Judgement | Count, ...]:
        """Return what was said of more households than lived in a scope on the day it was said.

        All that a judge said that day, since he spoke of other households than lived there. A
        state refuses it (`judgement_order`): a correction of leases can make it so afterwards.
        """
        mine = [
            row
            for row in self.portfolio.judgements_of.get(scope, ())
            if row.scheme == self.scheme.name and row.on <= self.day
        ]
        over = {(row.on, row.by) for row in mine if row.high > self.counted(scope, row.on)}
        counts = [
            row
            for row in self.portfolio.counts_of.get(scope, ())
            if row.scheme == self.scheme.name
            and row.on <= self.day
            and row.households > self.counted(scope, row.on)
        ]
        return (*(row for row in mine if (row.on, row.by) in over), *counts)

    def level(self, complex_id: str) -> Level:
        """Return what is registered of the households of a complex."""
        scope = Scope(ScopeKind.COMPLEX, complex_id)
        if self.labels(scope) is not None:
            return Level.HOUSEHOLD
        return Level.AGREEMENT if any(self.state(scope).roles) else Level.JUDGEMENT

    def stays(self, scope: Scope) -> tuple[Stay, ...]:
        """Return who lived in the base of a complex or stairwell, and from when until when."""
        return self._stays(scope)

    def _groups(self, scope: Scope) -> tuple[Scope, ...]:
        """Return a complex's stairwell groups where all have an account of their own, else none.

        The complex is then their convolution (ENGINE §3b.16).
        """
        names = {home.stairwell for home in self._homes(scope)}
        if scope.kind is not ScopeKind.COMPLEX or not names or None in names:
            return ()
        groups = [
            Scope(ScopeKind.STAIRWELL, f"{scope.code}/{name}") for name in sorted(map(str, names))
        ]
        apart = all(group in self._given or self._rounds(group) for group in groups)
        return tuple(groups) if apart else ()

    def after(self, scope: Scope, free_from: date, dwelling: str | None = None) -> Summed:
        """Return the account of a complex after all that is known to come (see `outlook`)."""
        groups = self.groups(scope) or (scope,)
        accounts = [self.outlook(each, free_from, dwelling).account for each in groups]
        return accounts[0] if len(accounts) == 1 else Summed(self.scheme, accounts)

    def on_day(self, day: date, assumptions: Assumptions) -> Accounts:
        """Return the accounts of the same rows and states on another day."""
        return Accounts(
            self.portfolio, assumptions, day, scheme=self.scheme.name, states=self._given
        )

    def leaver_category(self, vacancy: Vacancy) -> str | None:
        """Return the leaver's category where it was recorded before the notice date, else None."""
        own = Scope(ScopeKind.COMPLEX, self.portfolio.dwelling[vacancy.dwelling].complex)
        for stay in self._stays(own):
            stayed = stay.start <= vacancy.notice and (not stay.end or vacancy.notice <= stay.end)
            if stay.dwelling == vacancy.dwelling and stayed:
                return self._recorded_before(stay, vacancy.notice)
        return None

    def turns(self, scope: Scope, after: date) -> set[date]:
        """Return the known days on which an account of a scope changes by more than drift.

        That is: somebody leaves after `after` (who leaves earlier is out of the outlook already),
        a role or a label starts or ends.
        """
        if scope.kind > ScopeKind.COMPLEX:
            return {day for each in self._complexes(scope) for day in self.turns(each, after)}
        stays = self._stays(scope)
        found = {stay.end for stay in stays if stay.end is not None and stay.end > after}
        for stay in stays:
            for role in stay.roles:
                found |= {role.agreed_on} | ({role.ends_on} if role.ends_on else set())
            for told in self._assessments_of.get(stay.household or "", ()):
                dates = (told.start, told.end, told.review_by)
                found |= {each for each in dates if each is not None}
        return found

    @cached_property
    def _assessments_of(self) -> Mapping[str, tuple[Assessment, ...]]:
        told: defaultdict[str, list[Assessment]] = defaultdict(list)
        for each in self.portfolio.assessments:
            told[each.household].append(each)
        return {household: tuple(rows) for household, rows in told.items()}

    def labels(self, scope: Scope) -> Labels | None:
        """Count the labels of the households present (level *huishouden*), None without any."""
        if not self._words(self.day) or scope.kind > ScopeKind.COMPLEX:
            return None
        found = [self._label(stay) for stay in self._stays(scope) if stay.counts_on(self.day)]
        seen = [label for label in found if label is not None]
        if not seen:
            return None

        def counted(kind: str) -> tuple[int, ...]:
            return tuple(seen.count((name, kind)) for name in self.scheme.categories)

        return Labels(
            scheme=self.scheme,
            complete=counted("round"),
            signal=counted("signal"),
            expired=counted("expired"),
            unknown=self.state(scope).account.households - len(seen),
        )

    def _outlook(self, scope: Scope, free_from: date, dwelling: str | None = None) -> Outlook:
        """Return a complex or group after all that is known to come by `free_from`.

        That is: whoever leaves `dwelling`, every announced departure with an end up to and
        including `free_from`, and every commitment; a dwelling counts once, drift stops at the
        day (ENGINE §3, §3b.23).
        """
        leaving, promised = self._pending(scope)
        gone = [
            stay
            for stay in leaving
            if stay.counts_on(self.day)
            and (stay.dwelling == dwelling or (stay.end is not None and stay.end <= free_from))
        ]
        if dwelling and not any(stay.dwelling == dwelling for stay in gone):
            gone += [
                s for s in self._stays(scope) if s.dwelling == dwelling and s.counts_on(self.day)
            ]
        staying = {
            stay.dwelling for stay in leaving if stay not in gone and stay.counts_on(self.day)
        }
        comes = tuple(
            sorted(
                shares
                for home, shares in promised.items()
                if home != dwelling and home not in staying
            )
        )
        labels = self.labels(scope)
        if labels is not None:
            # Who is known leaves first: the order of rows must not matter, and this one does.
            known = sorted(
                (self._label_of_leaver(stay) for stay in gone), key=lambda name: (not name, name)
            )
            return Outlook(state=self.state(scope), labels=labels, gone=tuple(known), comes=comes)
        roles = sorted(stay.role_on(self.day) for stay in gone)
        events = [Event(on=self.day, leaves=role) for role in roles]
        events += [Event(on=self.day, enters=shares) for shares in comes]
        return Outlook(state=self._run(self.state(scope), events))

    def _complexes(self, scope: Scope) -> tuple[Scope, ...]:
        # By id: a sum of floats depends on its order, and the order of rows must not matter.
        inside = sorted(self.portfolio.complexes_in.get(scope.code, ()))
        return tuple(Scope(ScopeKind.COMPLEX, each) for each in inside)

    def _state(self, scope: Scope) -> State:
        """Run the filter over everything that happened in a scope up to the day."""
        given = self._given.get(scope)
        if given is not None:
            events = self._events(scope, given.through)
            state = self._run(given, events)
            if state.judged_on is None:
                # Never judged: the prior at today's households, kept or computed anew.
                present = state.others.households + sum(state.roles)
                state = State.first(self.scheme, present, self.day, state.roles)
            return replace(state.on_day(self.day), through=self.day)
        rounds = self._rounds(scope)
        start = rounds[0].on if rounds else self.day
        state = State.first(
            self.scheme, self.counted(scope, start), start, self._held(scope, start)
        )
        if not rounds:
            return state
        events = [rounds[0], *self._events(scope, start)]
        return replace(self._run(state, events).on_day(self.day), through=self.day)

    def _run(self, state: State, events: Iterable[Event]) -> State:
        for event in events:
            state = state.after(event, self.assumptions)
        return state

    def _events(self, scope: Scope, after: date) -> list[Event]:
        """Return what happened after a day up to and including today, in order."""
        found = [
            event
            for stay in self._stays(scope)
            if not stay.is_told_by(after)
            for event in self._stay_events(stay)
        ]
        found += self._rounds(scope)
        return sorted(
            (event for event in found if after < event.on <= self.day), key=lambda each: each.order
        )

    def _stay_events(self, stay: Stay) -> Iterable[Event]:
        role = stay.role_on(stay.start)
        yield Event(on=stay.start, enters=self._entry(stay), agrees=role or None)
        until = stay.counted_until
        if until is not None:
            # A role that ends with the lease leaves with the household.
            yield Event(on=until, leaves=stay.role_on(until - timedelta(days=1)))
        for each in stay.roles:
            if stay.start < each.agreed_on and (until is None or each.agreed_on < until):
                yield Event(on=each.agreed_on, agrees=each.role)
            ends = each.ends_on
            if ends is not None and stay.start < ends and (until is None or ends < until):
                yield Event(on=ends, stops=each.role)

    def _rounds(self, scope: Scope) -> list[Event]:
        """Return the rounds of a scope, oldest first; a count is a statement without width."""
        days: defaultdict[date, dict[str, list[Judgement]]] = defaultdict(lambda: defaultdict(list))
        for row in self.portfolio.judgements_of.get(scope, ()):
            if row.scheme == self.scheme.name and row.on <= self.day:
                days[row.on][row.by].append(row)
        said = {
            day: [
                Statement(
                    by=by,
                    known=max((row.known for row in rows), key=_DOUBT.index),
                    ranges={
                        row.category: (row.low, row.best, row.high)
                        for row in sorted(rows, key=lambda row: row.category)
                    },
                )
                for by, rows in sorted(by_judge.items())
            ]
            for day, by_judge in days.items()
        }
        counted: defaultdict[date, dict[str, tuple[int, int, int]]] = defaultdict(dict)
        for count in self.portfolio.counts_of.get(scope, ()):
            if count.scheme == self.scheme.name and count.on <= self.day:
                counted[count.on][count.category] = (count.households,) * 3
        for day, ranges in counted.items():
            said.setdefault(day, []).append(Statement(by="count", ranges=ranges))
        return [Event(on=day, said=tuple(said[day])) for day in sorted(said)]

    def counted(self, scope: Scope, day: date) -> int:
        """Count the households at the end of a day; homes that aren't listed count as occupied."""
        stays = self._stays(scope)
        there = len({stay.dwelling for stay in stays if stay.counts_on(day)})
        listed = len(self._homes(scope))
        return there + max(self.portfolio.base(scope) - listed, 0)

    def _held(self, scope: Scope, day: date) -> tuple[int, ...]:
        roles = [stay.role_on(day) for stay in self._stays(scope) if stay.counts_on(day)]
        return tuple(roles.count(name) for name in self.scheme.categories)

    def _homes(self, scope: Scope) -> list[Dwelling]:
        return [each for each in self.portfolio.dwellings_in(scope) if each.in_base]

    def _built_stays(self, scope: Scope) -> tuple[Stay, ...]:
        """Read who lived in the base; without one lease in the complex, everybody did."""
        homes = self._homes(scope)
        own = scope.code.rpartition("/")[0] if scope.kind is ScopeKind.STAIRWELL else scope.code
        silent = self._is_silent(own)
        return tuple(stay for home in homes for stay in self._home_stays(home.id, silent=silent))

    def _is_silent(self, complex_id: str) -> bool:
        """Whether no lease is known in a complex, and no state of it was kept."""
        if Scope(ScopeKind.COMPLEX, complex_id) in self._given:
            return False
        homes = self.portfolio.dwellings_of.get(complex_id, ())
        return not any(home.id in self.portfolio.tenancies_of for home in homes)

    def _home_stays(self, home: str, *, silent: bool) -> Iterable[Stay]:
        leases = sorted(self.portfolio.tenancies_of.get(home, ()), key=lambda each: each.start)
        if silent and not leases:
            leases = [Tenancy(id="", dwelling=home, start=date.min)]
        for lease, following in zip(leases, [*leases, None][1:], strict=True):
            notice = self._notice(lease)
            end = _earliest(
                lease.end or (notice.free_from if notice else None),
                following.start if following else None,
            )
            asked = self._asked.get(notice.id) if notice else None
            yield Stay(
                dwelling=home,
                start=lease.start,
                end=end,
                counted_until=_earliest(end, asked),
                household=lease.household,
                roles=self._roles_of.get(lease.id, ()),
            )

    def _notice(self, lease: Tenancy) -> Vacancy | None:
        """Return the notice that ends a lease; one closed without an end was withdrawn."""
        notices = self.portfolio.vacancies_of.get(lease.dwelling)
        if not notices:
            return None
        mine = [
            each
            for each in notices
            if each.notice >= lease.start
            and (lease.end is None or each.notice <= lease.end)
            and (lease.end is not None or each.closed_on is None)
        ]
        return min(mine, key=lambda each: each.notice, default=None)

    @cached_property
    def _asked(self) -> Mapping[str, date]:
        """Day on which the question about a vacancy was first answered, by vacancy."""
        asked: dict[str, date] = {}
        for row in self.portfolio.judgements:
            if row.vacancy is not None and row.on <= self.day:
                asked[row.vacancy] = min(row.on, asked.get(row.vacancy, row.on))
        return asked

    @cached_property
    def _roles_of(self) -> Mapping[str, tuple[Role, ...]]:
        roles: defaultdict[str, list[Role]] = defaultdict(list)
        for role in self.portfolio.roles:
            if role.role in self.scheme.categories:
                roles[role.tenancy].append(role)
        return {tenancy: tuple(held) for tenancy, held in roles.items()}

    def _built_pending(
        self, scope: Scope
    ) -> tuple[tuple[Stay, ...], Mapping[str, tuple[float, ...]]]:
        """Return who is known to leave after today, and intake shares by promised dwelling."""
        stays = self._stays(scope)
        leaving = tuple(
            stay
            for stay in stays
            if stay.start <= self.day and stay.end is not None and stay.end > self.day
        )
        there = {
            stay.dwelling for stay in stays if stay.counts_on(self.day) and stay not in leaving
        }
        promised = {
            home.id: shares
            for home in self._homes(scope)
            if home.id not in there and (shares := self._promise(home.id, stays)) is not None
        }
        return leaving, promised

    def _promise(self, home: str, stays: tuple[Stay, ...]) -> tuple[float, ...] | None:
        """Return the intake shares of a dwelling's letting that no household has followed yet.

        Where notice was given again, whoever the home was let to before came and goes.
        """
        notices = self.portfolio.vacancies_of.get(home, ())
        last = max((each.notice for each in notices), default=None)
        for vacancy in (each for each in notices if each.notice == last):
            for letting in self.portfolio.lettings_of.get(vacancy.id, ()):
                came = any(
                    s.dwelling == home and vacancy.notice <= s.start <= self.day for s in stays
                )
                if letting.on <= self.day and not came:
                    return self._letting_shares(letting)
        coming = [stay for stay in stays if stay.dwelling == home and stay.start > self.day]
        return self._entry(coming[0]) if coming else None

    def _entry(self, stay: Stay) -> tuple[float, ...]:
        """Return intake shares of the channel of an entry, else those of the ordinary offer."""
        told = [
            letting
            for vacancy in self.portfolio.vacancies_of.get(stay.dwelling, ())
            if vacancy.notice <= stay.start
            for letting in self.portfolio.lettings_of.get(vacancy.id, ())
            if letting.on <= stay.start
        ]
        last = max(told, key=lambda letting: letting.on, default=None)
        return self._channel_shares(last.channel if last else None)

    def _letting_shares(self, letting: Letting) -> tuple[float, ...]:
        """Return intake shares of a commitment: its agreed category, else those of its channel."""
        if letting.category in self.scheme.categories:
            return tuple(float(name == letting.category) for name in self.scheme.categories)
        return self._channel_shares(letting.channel)

    def _channel_shares(self, channel: str | None) -> tuple[float, ...]:
        mine = [each for each in self.portfolio.channels if each.scheme == self.scheme.name]
        named = [each for each in mine if each.id == channel]
        ordinary = [each for each in mine if each.ground is Ground.NONE_NEEDED]
        for each in (*named, *ordinary):
            return tuple(map(float, each.shares))
        return self.scheme.prior_mean

    @property
    def ordinary_shares(self) -> tuple[float, ...]:
        """Intake shares of the ordinary offer, the prior's mean where none is listed."""
        return self._channel_shares(None)

    def _built_words(self, day: date) -> Mapping[str, Assessment]:
        """Return the last word on each household's category that holds on a day."""
        held: dict[str, Assessment] = {}
        for each in sorted(
            self.portfolio.assessments, key=lambda row: (row.recorded_at, row.start)
        ):
            if each.scheme != self.scheme.name or each.start > day:
                continue
            if each.end is None or day < each.end:
                held[each.household] = each
        return held

    def _label(self, stay: Stay, day: date | None = None) -> tuple[str, str] | None:
        """Return (category, round | signal | expired) of a household's label, None without one."""
        day = day or self.day
        told = self._words(day).get(stay.household or "")
        if told is None:
            return None
        over = told.contested or (told.review_by is not None and told.review_by <= day)
        return told.category, "expired" if over else "round" if told.source == "round" else "signal"

    def _label_of_leaver(self, stay: Stay) -> str:
        """Category that a departure removes with certainty, `""` where nobody knows."""
        label = self._label(stay)
        return label[0] if label is not None and label[1] != "expired" else ""

    def _recorded_before(self, stay: Stay, notice: date) -> str | None:
        """Return the category known before the notice date; that day itself doesn't count.

        What held on the last day that the household lived there goes on counting: an advice
        doesn't change because somebody has moved out meanwhile.
        """
        last = min(self.day, stay.end - timedelta(days=1)) if stay.end else self.day
        for role in stay.roles:
            told = role.recorded_at.date() if role.recorded_at else role.agreed_on
            if told < notice and stay.role_on(last) == role.role:
                return role.role
        word, label = self._words(last).get(stay.household or ""), self._label(stay, last)
        if word is None or label is None or label[1] == "expired":
            return None
        return label[0] if word.recorded_at.date() < notice else None


def _earliest(one: date | None, other: date | None) -> date | None:
    if one is None or other is None:
        return one or other
    return min(one, other)
