"""Made-up complexes whose answer is known: they say what the two words mean before one is asked.

They tell of homes and situations, of no diagnosis and of nobody who exists. What somebody guesses
here is compared on the page and forgotten: it measures nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

__all__ = ["EXAMPLES", "Example"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A complex, what happens there, the numbers [households], and why they are these."""

    name: StrOrPromise
    homes: int
    lines: tuple[StrOrPromise, ...]
    answer: Mapping[str, int]
    why: tuple[StrOrPromise, ...]


EXAMPLES = (
    Example(
        name=_("Gallery of twelve homes"),
        homes=12,
        lines=(
            _("In three homes somebody of ours or of a partner came more than twice this year."),
            _("In one home there was a quarrel about noise in spring; it was solved in one talk."),
            _("One tenant has the key of the garden and waters it; one other runs the group app."),
            _("All others greet each other and keep to themselves."),
        ),
        answer={"attention": 3, "carrier": 2},
        why=(
            _("Three homes asked us more than twice. The quarrel was once: it does not count."),
            _("Taking something up for the building counts as active. Greeting does not."),
        ),
    ),
    Example(
        name=_("Stairwell of eighteen homes"),
        homes=18,
        lines=(
            _("In four homes guidance was agreed and is used; it goes well in all four."),
            _("Two homes pay late now and then; after one letter it was settled."),
            _("One tenant shops for a neighbour each week. Another keeps the lift clean."),
            _("A third tenant complains often, and rightly, about the bin store."),
        ),
        answer={"attention": 4, "carrier": 2},
        why=(
            _("Agreed guidance counts, also when it goes well. A late payment does not."),
            _("Looking after people or the building counts. Complaining is everybody's right."),
        ),
    ),
    Example(
        name=_("Court of ten homes"),
        homes=10,
        lines=(
            _("One home asked us for help five times this year; a partner comes there now."),
            _("One tenant gets a visit from us each month because he asked for it."),
            _("Four tenants set up the yearly meal; one is the tenant we visit each month."),
            _("Somebody moved in last month. Nobody knows that home yet."),
        ),
        answer={"attention": 2, "carrier": 3},
        why=(
            _("A household counts once: with extra attention there, also if they help others."),
            _("Of a home that you do not know you need not guess: widen your range instead."),
        ),
    ),
)
