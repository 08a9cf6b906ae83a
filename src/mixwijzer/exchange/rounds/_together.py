"""Who gets which home when several associations divide theirs together?

Each brings homes, candidates and what it agreed about its own homes: its ceilings and promises
count placements in its own homes only, whoever's candidates they are. The order of the letting
rules is one order for all. Nothing else of an association is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

from mixwijzer.engine.allocation import (
    Agreement,
    AgreementKind,
    FreeHome,
    LettingRound,
    Pairs,
    RoundCandidate,
)
from mixwijzer.engine.norms import Norms
from mixwijzer.engine.portfolio import Candidate, Dwelling, Ground
from mixwijzer.exchange.rounds._dividing import Divided, shared_out
from mixwijzer.exchange.rounds._portfolio import (
    OUT_OF_BAND,
    SHORT_OF_PROMISE,
    judged,
    order_of,
    points,
)
from mixwijzer.exchange.rounds._reading import RoundRead

PRICES = {AgreementKind.BAND: OUT_OF_BAND, AgreementKind.OBLIGATION: SHORT_OF_PROMISE}


@dataclass(frozen=True, kw_only=True)
class Side:
    """What one association brings.

    Parameters
    ----------
    owner
        Its code.
    homes, dwellings
        Free homes, and the dwelling of each (homes,).
    people
        Its candidates.
    agreements
        The bands and promises of its own round; what stepping outside costs is settled for all.
    categories
        Category that a placement of a group counts for, by group; absent: none.
    """

    owner: str
    homes: tuple[FreeHome, ...]
    dwellings: tuple[Dwelling, ...]
    people: tuple[Candidate, ...]
    agreements: tuple[Agreement, ...] = ()
    categories: Mapping[str, str] = field(default_factory=dict)

    def named(self, name: str) -> str:
        """Return what something of this association is called among all."""
        return f"{self.owner}/{name}"


def divided_together(sides: Sequence[Side], norms: Norms, day: date) -> Divided:
    """Divide the homes of several associations over the candidates of all of them.

    Homes, candidates and agreements are called as `Side.named` says.

    Raises
    ------
    NormError
        A norm that is needed is missing or expired.
    """
    people = [replace(e, id=side.named(e.id)) for side in sides for e in side.people]
    # Of two who registered on one day the lower number goes first, whoever's it is.
    in_turn = [replace(e, id=f"{e.id} {side.owner}") for side in sides for e in side.people]
    homes = tuple(chain.from_iterable(map(_homes, sides)))
    agreements = tuple(_priced(sides, norms, day, people=len(people)))
    dwellings = [each for side in sides for each in side.dwellings]
    told = tuple(judged(dwellings, people, norms, day))
    allowed = ((home, person) for home, person, refusal in told if not refusal)
    return shared_out(
        RoundRead(
            homes=homes,
            agreements=agreements,
            round=LettingRound(
                homes=homes,
                candidates=tuple(chain.from_iterable(map(_candidates, sides))),
                agreements=agreements,
                pairs=Pairs.by_order(order_of(in_turn, norms, day), allowed),
            ),
            refusals={(homes[h].id, people[p].id): refusal for h, p, refusal in told if refusal},
        )
    )


def _homes(side: Side) -> Iterator[FreeHome]:
    for each in side.homes:
        yield replace(
            each,
            id=side.named(each.id),
            complex=side.named(each.complex),
            neighbourhood=side.named(each.neighbourhood) if each.neighbourhood else "",
            owner=side.owner,
        )


def _candidates(side: Side) -> Iterator[RoundCandidate]:
    for each in side.people:
        group = each.target_group or ""
        yield RoundCandidate(
            id=side.named(each.id),
            category=side.categories.get(group, ""),
            group=group,
            ground=Ground.DIRECT_MEDIATION.value if group else "",
        )


def _priced(sides: Sequence[Side], norms: Norms, day: date, *, people: int) -> Iterator[Agreement]:
    """Yield what each agreed about its own homes, at the prices of this round."""
    prices = {kind: points(key, norms, day, people=people) for kind, key in PRICES.items()}
    for side in sides:
        for each in side.agreements:
            yield replace(
                each,
                id=side.named(each.id),
                place=side.named(each.place) if each.place else side.owner,
                prices=prices[each.kind],
            )
