"""Tells an advice inside: likely ranges, limits, chances, and what would decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from mixwijzer.engine.advice import (
    Alternative,
    CategoryAdvice,
    ChannelAdvice,
    LookAhead,
    PlacementAhead,
    RoomAgain,
    Rule,
)
from mixwijzer.engine.portfolio import Ground
from mixwijzer.engine.reasons import Change, ChangeKind, Modifier, Reason, ReasonKind, Verdict
from mixwijzer.exchange.catalogue import Key
from mixwijzer.exchange.wording._telling import Telling, code_of, place_of
from mixwijzer.exchange.wording._texts import (
    Audience,
    CategoryText,
    ChannelText,
    Explanation,
    FlipText,
    Sentence,
)

_HARDLY = 0.05  # what differs less is said not to differ [household-years]
_MORE_LIKELY_THAN_NOT = 0.5


class InternalTelling(Telling):
    """For inside: likely ranges, limits, chances, what would decide, and along which channel."""

    def explanation(self) -> Explanation:
        """Put everything together."""
        categories = tuple(map(self._category, self.advice.categories))
        leading = self.leading()
        return Explanation(
            language=self.language,
            audience=Audience.INTERNAL,
            category=leading,
            headline=next(each.headline for each in categories if each.category == leading),
            categories=categories,
            channels=tuple(map(self._channel, self.advice.channels)),
            remarks=tuple(self._remarks()),
            valid=self.say(
                f"advice.valid.{self.advice.valid_because}", until=self.advice.valid_until
            ),
        )

    def _category(self, each: CategoryAdvice) -> CategoryText:
        flips = tuple(self._flip(each.category, flip.changes, flip.verdict) for flip in each.flips)
        return CategoryText(
            category=each.category,
            name=self.name(each.category),
            verdict=each.verdict,
            word=self.word(f"verdict.{code_of(each.verdict)}"),
            headline=self._headline(each),
            sentences=tuple(self._sentences(each)),
            reasons=tuple(self._reason(each, reason) for reason in self._ordered(each)),
            flips=flips,
            blocked=tuple(dict.fromkeys(self._blocked(each))),
            way_out=tuple(self._way_out(each, flips)),
            ahead=tuple(self._later(each.category)),
        )

    # --- headline

    def _headline(self, each: CategoryAdvice) -> Sentence:
        verdict = code_of(each.verdict)
        rule = each.binding
        if rule is None:
            return self.say(f"advice.headline.{verdict}.{self._ruleless(each)}")
        variant = self._variant(each, rule)
        return self.say(f"advice.headline.{verdict}.{variant}", chance=rule.chance)

    @staticmethod
    def _ruleless(each: CategoryAdvice) -> str:
        return "no_norm" if each.verdict is Verdict.ROOM else "no_profile"

    @staticmethod
    def _variant(each: CategoryAdvice, rule: Rule) -> str:
        """Name what a headline says besides the verdict: a modifier's reason, or how sure."""
        if each.verdict is Verdict.ASK_FIRST:
            if each.better_by_expiry:
                return "expired"
            spoken = (Modifier.KNOWN_PART, Modifier.ORDINARY, Modifier.FILL_UP)
            return next((each.value for each in spoken if each in rule.modifiers), "odds")
        if Modifier.LIKE_FOR_LIKE in rule.modifiers and each.verdict is Verdict.TIGHT:
            return "like_for_like"
        sure = rule.chance <= 0.05 if each.verdict is Verdict.NO_ROOM else rule.chance >= 0.95
        return "sure" if sure else "odds"

    # --- sentences

    def _sentences(self, each: CategoryAdvice) -> Iterator[Sentence]:
        rule = each.binding
        if rule is None:
            if each.verdict is not Verdict.ROOM:
                yield self.say("advice.basis.no_profile")
            return
        low, high = rule.count.likely
        yield self.say(
            f"advice.basis.{place_of(rule.scope.kind)}",
            likely=rule.count.likely,
            base=rule.base,
            limit=rule.limit,
            **self.about(each.category),
        )
        yield self._room(rule)
        yield self.say("advice.after", likely=(low, high), after=(low + 1, high + 1))
        if len(each.rules) > 1:
            place = Key(f"words.the.{place_of(rule.scope.kind)}")
            yield self.say("advice.binding", the=place)
        if self.advice.open_vacancies > 1 and rule.headroom_likely[1] >= 1:
            yield self.say("advice.shared", open=self.advice.open_vacancies)
        for modifier in rule.modifiers:
            yield self.say(f"advice.modifier.{modifier.value}")
        if rule.robust is not None:
            yield self.say("advice.robust" if rule.robust else "advice.not_robust")

    def _room(self, rule: Rule) -> Sentence:
        low, high = rule.headroom_likely
        above = Key(f"words.rule.{rule.kind.value}")
        if low >= 1:
            return self.say("advice.room.some", room=(low, high))
        if high >= 1:
            return self.say("advice.room.maybe", room=high)
        if low == high == 0:
            return self.say("advice.room.reached")
        if high == 0:
            return self.say("advice.room.reached_or_over", over=-low, rule=above)
        return self.say("advice.room.over", over=(-high, -low), rule=above)

    # --- reasons

    def _ordered(self, each: CategoryAdvice) -> list[Reason]:
        """Worst verdict first, then the one that the smallest change would lift."""
        cost = {
            change.rule: flip.cost
            for flip in reversed(each.flips)
            for change in flip.changes
            if change.kind is ChangeKind.LIMIT
        }
        never = 1 + max(cost.values(), default=0)
        return sorted(
            each.reasons, key=lambda reason: (reason.verdict, cost.get(reason.rule, never))
        )

    def _reason(self, each: CategoryAdvice, reason: Reason) -> Sentence:
        if reason.kind is not ReasonKind.RULE:
            return self.say(f"advice.reason.{reason.kind.value}", **self.about(each.category))
        rule = self.rules[reason.rule]
        return self.say(
            f"advice.reason.{rule.kind.value}",
            limit=rule.limit,
            base=rule.base,
            chance=rule.chance,
            homes=Key(f"words.homes.{place_of(rule.scope.kind)}"),
            **{"in": self.inside(reason.scope)},
        )

    # --- what would change it

    def _flip(self, category: str, changes: tuple[Change, ...], verdict: Verdict) -> FlipText:
        question = self._question(category, changes[0])
        for change in changes[1:]:
            question = self.say(
                "advice.flip.and", first=question, second=self._question(category, change)
            )
        answer = self.say(f"advice.flip.answer.{code_of(verdict)}")
        return FlipText(question=question, answer=answer, changes=changes)

    def _question(self, category: str, change: Change) -> Sentence:
        facts = {"in": self.inside(change.scope), "amount": change.amount, **self.about(category)}
        code = change.kind.value
        if change.kind is ChangeKind.DEPARTURES:
            code += ".one" if change.amount == 1 else ".many"
        if change.kind is ChangeKind.LIMIT:
            limit = self.rules[change.rule].limit
            facts |= {"limit": limit, "raised": limit + change.amount}
        if change.kind is ChangeKind.DRAFT:
            code += ".named" if change.rule in self.names else ".plain"
            facts["draft"] = self.names.get(change.rule, "")
        return self.say(f"advice.flip.{code}", **facts)

    def _blocked(self, each: CategoryAdvice) -> Iterator[Sentence]:
        for blocked in each.blocked:
            if blocked.kind is ChangeKind.DEPARTURES and self.is_bare(blocked.scope):
                continue  # departures from an area without a rule change no rule
            by = [self._named(self.rules[id_]) for id_ in blocked.by if id_ in self.rules]
            if by:
                named = by[0]
                for other in by[1:]:
                    named = self.say("advice.blocked.and", first=named, second=other)
                yield self.say(
                    f"advice.blocked.{blocked.kind.value}",
                    by=named,
                    **{"in": self.inside(blocked.scope)},
                )

    def _named(self, rule: Rule) -> Sentence:
        return self.say(
            "advice.blocked.rule",
            rule=Key(f"words.rule.{rule.kind.value}"),
            **{"in": self.inside(rule.scope.code)},
        )

    # --- ways out

    def _way_out(self, each: CategoryAdvice, flips: tuple[FlipText, ...]) -> Iterator[Sentence]:
        if each.verdict > Verdict.ASK_FIRST:
            return
        places = self._places(self.advice.alternatives.get(each.category, ()))
        if each.verdict is Verdict.NO_ROOM:
            if places is None:
                yield self.say("advice.way_out.no_room.nowhere")
            else:
                yield self.say("advice.way_out.no_room.elsewhere", places=places)
            return
        yield self._asking(each, flips)
        if places is not None:
            yield self.say("advice.way_out.ask_first.elsewhere", places=places)

    def _asking(self, each: CategoryAdvice, flips: tuple[FlipText, ...]) -> Sentence:
        if each.binding is None:
            return self.say("advice.way_out.ask_first.no_profile")
        for flip in flips:
            if [change.kind for change in flip.changes] == [ChangeKind.FEWER_THAN]:
                return self.say("advice.way_out.ask_first.question", question=flip.question)
        return self.say("advice.way_out.ask_first.people")

    def _places(self, alternatives: Sequence[Alternative]) -> Sentence | None:
        told: Sentence | None = None
        for each in alternatives:
            facts: dict[str, object] = {
                "name": self.names.get(each.vacancy, each.vacancy),
                "verdict": Key(f"words.verdict.{code_of(each.verdict)}"),
            }
            form = "plain" if each.distance is None else "near"
            place = self.say(f"advice.way_out.place.{form}", distance=each.distance, **facts)
            told = (
                place
                if told is None
                else self.say("advice.way_out.places", first=told, second=place)
            )
        return told

    # --- channels

    def _channel(self, weighed: ChannelAdvice) -> ChannelText:
        channel = weighed.channel
        label = channel.label.get(self.language, "")
        return ChannelText(
            id=channel.id,
            name=channel.name[self.language],
            recommended=channel.id == self.advice.recommended,
            has_ground=weighed.has_ground,
            chance=self.say("advice.channel.chance", chance=weighed.chance),
            delay=self.say(
                f"advice.channel.delay.{'some' if channel.delay else 'none'}", delay=channel.delay
            ),
            ground=self._ground(weighed),
            label=label or self.say("advice.channel.label.none"),
            intake=self.word(f"intake.{channel.intake_form or 'none'}"),
        )

    def _ground(self, weighed: ChannelAdvice) -> Sentence:
        channel = weighed.channel
        ground = Key(f"words.ground.{channel.ground.value}")
        if channel.ground is Ground.NONE_NEEDED:
            return self.say("advice.channel.ground.none_needed")
        if not weighed.has_ground:
            return self.say("advice.channel.ground.absent", ground=ground)
        form = "present" if channel.ground_end is None else "until"
        return self.say(
            f"advice.channel.ground.{form}",
            ground=ground,
            source=channel.ground_source,
            end=channel.ground_end,
        )

    # --- later and elsewhere

    def _later(self, category: str) -> Iterator[Sentence]:
        """Say what the placement costs, what stands after one and two years, and till when."""
        placements = self.advice.ahead.placements if self.advice.ahead else ()
        for each in placements:
            if each.category == category:
                yield self._cost(each)
                if each.later:
                    first, second = (_tenth(later.out_of_band) for later in each.later)
                    yield self.say("advice.ahead.later", first=first, second=second)
                if each.again is not None and each.again.last >= _MORE_LIKELY_THAN_NOT:
                    yield self._last_place(each.again)

    def _cost(self, each: PlacementAhead) -> Sentence:
        told = each.placement
        if each.category == cast("LookAhead", self.advice.ahead).best:
            return self.say("advice.ahead.best")
        if told.cost < _HARDLY:
            return self.say("advice.ahead.alike")
        parts = {name: _tenth(getattr(told, name)) for name in ("band", "drift", "price")}
        return self.say("advice.ahead.cost", cost=_tenth(told.cost), **parts)

    def _last_place(self, again: RoomAgain) -> Sentence:
        when = [
            None if months is None else _months_after(self.advice.free_from, months)
            for months in (again.soonest, again.likely, again.latest)
        ]
        form = "long" if when[1] is None else "from" if when[2] is None else "until"
        soonest, likely, latest = when
        return self.say(f"advice.ahead.{form}", soonest=soonest, likely=likely, latest=latest)

    def _remarks(self) -> Iterator[Sentence]:
        ahead = self.advice.ahead
        if self.advice.small_difference:
            chosen = "later" if ahead and ahead.placements else "difference"
            yield self.say(f"advice.channel.small_{chosen}")
        if ahead and ahead.absent:
            yield self.say(f"advice.ahead.absent.{ahead.absent}")
        if self.advice.channels and self.advice.recommended is None:
            yield self.say("advice.channel.none_recommended")
        if not self.advice.joint:
            yield self.say("advice.apart")


def _tenth(value: float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.1")) + 0


def _months_after(day: date, months: int) -> date:
    """Return the first of the month so many months later."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
