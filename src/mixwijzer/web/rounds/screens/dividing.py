"""What came out of a city round, and why (not)? In the sentences of the command line.

Homes go by their address, and what was agreed by its place and category.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mixwijzer.exchange.catalogue import sentence
from mixwijzer.web.letting.screens import Veil, language, veil_of
from mixwijzer.web.profiles.words import group_word
from mixwijzer.web.rounds.selectors.city import CityPage, PersonRef, Reason, WhyPage
from mixwijzer.web.ui import formats
from mixwijzer.web.ui.categories import category_name
from mixwijzer.web.ui.components import Column, Crumb, DataTable, Fact, Link, Stamp

__all__ = ["Told", "WhyScreen", "person_href", "why_screen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonScreen:
    """One reason: who or which home it is about, and the sentence."""

    title: str
    href: str
    tone: str
    word: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyScreen:
    """Every reason about one home or one candidate."""

    crumbs: tuple[Crumb, ...]
    title: str
    about: str
    rows: tuple[ReasonScreen, ...]
    hidden: Veil | None


class Told:
    """What came out of a round, in words."""

    def __init__(self, page: CityPage) -> None:
        self.page, self.result = page, page.result
        self.together: Mapping[str, Any] = self.result.get("together", {})
        self.named: Mapping[str, Mapping[str, Any]] = self.result.get("agreements", {})

    def agreement(self, name: str) -> str:
        """Return what was agreed, in words."""
        told = self.named.get(name, {})
        if told.get("kind") == "obligation":
            return _("the promise “%(group)s”: at least %(n)s") % {
                "group": group_word(told["group"]),
                "n": told["low"],
            }
        if told.get("kind") == "band":
            text = ngettext(
                "%(place)s: %(n)d place left for “%(category)s”",
                "%(place)s: %(n)d places left for “%(category)s”",
                told["high"],
            )
            return text % {
                "place": told["place"],
                "n": told["high"],
                "category": category_name(told["category"]),
            }
        return name

    def way_out(self, moves: Sequence[Mapping[str, Any]]) -> str:
        told = [
            _("%(what)s gives way by %(n)s") % {"what": self.agreement(e["id"]), "n": e["units"]}
            for e in moves
        ]
        return "; ".join(told)

    def facts(self) -> Iterator[Fact]:
        """Say what the mix costs: in homes and in who waits longer."""
        if self.together:
            yield from self._own_facts()
            return
        let, without = len(self.result["placements"]), self.result["without_bands"]
        yield Fact(
            term=_("Homes with a candidate"),
            value=_("%(n)s of %(of)s") % {"n": let, "of": len(self.page.homes)},
        )
        fewer = without - let
        yield Fact(
            term=_("Fewer because of the mix"),
            value=ngettext("%(n)d home", "%(n)d homes", fewer) % {"n": fewer},
            note=_("without bands: %(n)s") % {"n": without},
        )
        yield self._longer(_("Wait longer because of what was agreed"))

    def _own_facts(self) -> Iterator[Fact]:
        """Say of one's own homes and candidates what the whole came to."""
        together, result = self.together, self.result
        let = len(result["placements"]) + len(together["guests"])
        alone = len(result["in_order"]) + len(together["guests_alone"])
        yield Fact(
            term=_("Your homes with a candidate"),
            value=_("%(n)s of %(of)s") % {"n": let, "of": len(self.page.homes)},
            note=_("by the order alone: %(n)s") % {"n": alone},
        )
        housed = len(result["placements"]) + len(together["away"])
        yield Fact(
            term=_("Your candidates with a home"),
            value=_("%(n)s of %(of)s") % {"n": housed, "of": len(result["order"])},
            note=_("of which with another association: %(n)s") % {"n": len(together["away"])},
        )
        yield self._longer(_("Of yours wait longer because of what was agreed"))

    def _longer(self, term: str) -> Fact:
        longer = self.result["longer"]
        text = ngettext("%(n)d candidate", "%(n)d candidates", len(longer))
        return Fact(term=term, value=text % {"n": len(longer)}, note=", ".join(longer))

    def proof(self) -> Iterator[str]:
        """Say how good it is, who is passed over, and what the checker says."""
        result = self.result
        own = len(self.page.homes) - len(result["dropped"]) - len(result["left_out"])
        facts = {
            "homes": sum(each[1] for each in self.together["parties"]) if self.together else own,
            "let": self.together.get("let", len(result["placements"])),
            "objective": result["objective"],
            "price": result["price"],
            "without": result["without_bands"],
        }
        yield self._says("proved", **facts)
        yield self._says("mix" if result["price"] else "mix_free", **facts)
        if not (result["longer"] or self.together.get("longer")):
            yield self._says("nobody_longer")
        if worst := result["worst"]:
            named = {**worst, "home": self.page.names.get(worst["home"], worst["home"])}
            if worst.get("holder_of"):
                named["holder"] = _("a candidate of %(name)s") % {"name": worst["holder_of"]}
            yield self._says("envy", **named)
        if not result["within"]:
            yield self._says("envy_within")
        yield self._says("checked" if result["holds"] else "not_checked")

    def _says(self, code: str, **facts: Any) -> str:
        return sentence(f"commands.allocate.{code}", language(), **facts)

    def burden(self) -> DataTable:
        """Say per group how many wait longer and how many are housed sooner."""
        groups = sorted({*self.page.longer, *self.page.sooner})
        return DataTable(
            caption=_("Who waits longer, beside the order alone"),
            columns=(
                Column(label=_("Agreed group")),
                Column(label=_("Wait longer"), numeric=True),
                Column(label=_("Housed sooner"), numeric=True),
            ),
            rows=tuple(
                (
                    group_word(each) if each else _("no agreed group"),
                    formats.number(self.page.longer.get(each, 0)),
                    formats.number(self.page.sooner.get(each, 0)),
                )
                for each in groups
            ),
        )

    def agreements(self) -> DataTable:
        return DataTable(
            caption=_("What was agreed"),
            columns=(
                Column(label=_("Agreement")),
                Column(label=_("In this round"), numeric=True),
                Column(label=_("Holds")),
            ),
            rows=tuple(
                (self.agreement(name), formats.number(told["count"]), self._holds(told))
                for name, told in self.named.items()
            ),
        )

    def _holds(self, told: Mapping[str, Any]) -> str:
        short = told["low"] is not None and told["count"] < told["low"]
        over = told["high"] is not None and told["count"] > told["high"]
        return _("no, at a price") if short or over else _("yes")

    def people(self) -> DataTable:
        """Return the candidates in the order of the letting rules, and what each gets."""
        gets = {number: home for home, number in self.result["placements"].items()}
        alone = {number: home for home, number in self.result["in_order"].items()}
        names, away = self.page.names, self.together.get("away", {})
        away_alone = self.together.get("away_alone", {})
        shown = [self.page.people[each] for each in self.result["order"]]
        return DataTable(
            caption=_("Candidates"),
            columns=(
                Column(label=_("Number")),
                Column(label=_("Agreed group")),
                Column(label=_("In this round")),
                Column(label=_("By the order alone")),
            ),
            rows=tuple(
                (
                    Link(label=each.number, href=person_href(each)),
                    group_word(each.group) if each.group else "–",
                    _away(away.get(each.number), taken=each.taken)
                    or names.get(gets.get(each.number, ""), _("no home")),
                    _away(away_alone.get(each.number))
                    or names.get(alone.get(each.number, ""), _("no home")),
                )
                for each in shown
            ),
        )

    def made(self) -> str:
        """Say what the figures come from, and until when they hold."""
        row = self.page.round
        if not self.result or row.computed_at is None:
            return ""
        return _(
            "Computed %(at)s, run %(run)s; norms %(norms)s, engine %(engine)s, made from %(hash)s. "
            "Holds until %(until)s; after that it is computed anew."
        ) % {
            "at": formats.day(row.computed_at),
            "run": row.runs,
            "norms": self.result["normset"],
            "engine": self.result["engine"],
            "hash": row.inputs_hash[:8],
            "until": formats.day(date.fromisoformat(self.result["until"]), "year"),
        }

    def stamp(self) -> Stamp | None:
        day = self.result.get("data_date")
        if not day:
            return None
        return Stamp(
            data_of=date.fromisoformat(day),
            norms=self.result["normset"],
            method_href=reverse("desk:method"),
        )


def why_screen(why: WhyPage) -> WhyScreen:
    """Turn every reason about one home or one candidate into what is drawn."""
    row = why.page.round
    title = why.home.vacancy.address if why.home else why.person.number if why.person else ""
    told = Told(why.page)
    return WhyScreen(
        crumbs=(
            Crumb(label=_("City round"), href=reverse("rounds:cities")),
            Crumb(label=row.name, href=reverse("rounds:city", args=[row.public_id])),
            Crumb(label=title),
        ),
        title=_("Why (not) %(what)s?") % {"what": title},
        about=_("Each line is about one exchange that anybody can do on paper.")
        if why.reasons
        else "",
        rows=tuple(_reason(each, told, of_home=why.home is not None) for each in why.reasons),
        hidden=veil_of(why.page.hidden) if why.page.hidden else None,
    )


def _reason(each: Reason, told: Told, *, of_home: bool) -> ReasonScreen:
    names, person = told.page.names, each.person
    lines = {line.vacancy.code: line for line in told.page.homes}
    placed = each.kind == "placed"
    return ReasonScreen(
        title=person.number if of_home else names.get(each.home, each.home),
        href=person_href(person)
        if of_home
        else reverse("rounds:city-home", args=[lines[each.home].id]),
        tone="ok" if placed else "mute",
        word=_("gets it") if placed else _("not"),
        text=_why_text(each, told),
    )


def _why_text(each: Reason, told: Told) -> str:
    """Say a reason in the sentence of the command line."""
    names = told.page.names
    facts = {
        "candidate": each.person.number,
        "home": names.get(each.home, each.home),
        "other": _another(each) or names.get(each.other, each.other),
        "agreements": "; ".join(map(told.agreement, each.agreements)),
    }
    kinds = {"placed", "elsewhere", "earlier", "agreement", "not_allowed"}
    if each.kind not in kinds:
        rule = sentence(f"commands.allocate.rule.{each.kind}", language())
        return sentence("commands.allocate.why.rule", language(), rule=rule, **facts)
    key = each.kind
    if key == "agreement" and not each.other:
        key = "agreement_free"
    if key == "placed" and each.agreements:
        key = "placed_for"
    return sentence(f"commands.allocate.why.{key}", language(), **facts)


def _another(each: Reason) -> str:
    """Say whose a home or candidate of another association is; nothing for one's own."""
    if not each.other.startswith("@"):
        return ""
    text = _("a home of %(name)s") if each.kind == "elsewhere" else _("a candidate of %(name)s")
    return text % {"name": each.other[1:]}


def _away(name: str | None, *, taken: bool = False) -> str:
    """Say that a candidate gets a home of another association; nothing where he doesn't."""
    if not name:
        return ""
    text = _("a home of %(name)s: proposed there") if taken else _("a home of %(name)s")
    return text % {"name": name}


def person_href(person: PersonRef | None) -> str:
    """Return where the reasons about a candidate stand."""
    return reverse("rounds:city-person", args=[person.id]) if person else ""
