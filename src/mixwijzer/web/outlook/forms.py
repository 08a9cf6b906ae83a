"""What is asked of the list of complexes ahead, and of a comparison of ways of letting."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mixwijzer.web.outlook.bridge import REGIMES, Asked
from mixwijzer.web.outlook.screens import REGIME_SAYS, way_of_letting
from mixwijzer.web.outlook.selectors import SORTS, Wanted
from mixwijzer.web.ui.typed import line, whole

__all__ = ["ScenarioForm", "wanted_of"]

LONGEST = 80  # a name to look for [characters]


def wanted_of(asked: QueryDict) -> Wanted:
    """Read the question from an address; what does not exist is left out."""
    sort = asked.get("sort", "")
    known = sort.removeprefix("-") in SORTS
    page = asked.get("page", "")
    return Wanted(
        text=line(asked.get("q", ""))[:LONGEST],
        area=line(asked.get("area", ""))[:LONGEST],
        sort=sort.removeprefix("-") if known else "in_band",
        descending=known and sort.startswith("-"),
        page=whole(page, most=5, otherwise=1),
    )


_TURNOVER = (
    ("0.75", _("a quarter fewer moves")),
    ("1", _("as many moves as now")),
    ("1.25", _("a quarter more moves")),
)
_RUNS = (
    ("128", _("quickly: 128 times")),
    ("512", _("usual: 512 times")),
    ("4096", _("finely: 4,096 times")),
)


class ScenarioForm(forms.Form):
    """Which ways of letting are put beside each other, and what is supposed of the years."""

    name = forms.CharField(
        label=_("What do you call it?"),
        help_text=_("About the policy, not about people. For instance: if the experiment ends."),
        max_length=80,
    )
    regimes = forms.MultipleChoiceField(
        label=_("Which ways of letting?"),
        choices=[(name, name) for name in REGIME_SAYS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one way of letting.")},
    )
    reference = forms.ChoiceField(
        label=_("Compared with"),
        help_text=_("The other ways are told as a difference with this one."),
        choices=[(name, name) for name in REGIME_SAYS],
    )
    years = forms.IntegerField(label=_("Years ahead"), min_value=1, max_value=50, initial=10)
    turnover = forms.ChoiceField(
        label=_("How many households move?"), choices=_TURNOVER, initial="1"
    )
    ends = forms.DateField(
        label=_("The experiment ends on"),
        help_text=_("May be left empty: then every way goes on as it is."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    runs = forms.ChoiceField(
        label=_("How often are the years played out?"), choices=_RUNS, initial="512"
    )
    seed = forms.IntegerField(
        label=_("Starting number of chance"),
        help_text=_("The same number gives the same figures."),
        min_value=0,
        max_value=2**31 - 1,
        initial=1,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["reference"])
        field.choices = [(name, way_of_letting(name)) for name in REGIME_SAYS]

    @property
    def asked(self) -> Asked:
        """What was chosen; the way that others are compared with comes first."""
        told = self.cleaned_data
        others = [name for name in told["regimes"] if name != told["reference"]]
        return Asked(
            regimes=(told["reference"], *others),
            years=told["years"],
            runs=int(told["runs"]),
            seed=told["seed"],
            turnover=float(told["turnover"]),
            ends=told["ends"],
        )

    @staticmethod
    def filled(asked: Asked | None, now_by: str) -> dict[str, Any]:
        """Return what a form begins with: as another scenario, or as it is now."""
        if asked is None:
            return {"regimes": list(dict.fromkeys((now_by, *REGIMES))), "reference": now_by}
        return {
            "regimes": list(asked.regimes),
            "reference": asked.regimes[0],
            "years": asked.years,
            "turnover": f"{asked.turnover:g}",
            "ends": asked.ends,
            "runs": str(asked.runs),
            "seed": asked.seed,
        }
