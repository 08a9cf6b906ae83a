"""What people type about a profile: shares, numbers, and short texts about buildings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mixwijzer.web.profiles.content import GOVERNED, MOTIVES, BandLine, CapLine, Content
from mixwijzer.web.profiles.selectors import EditPage
from mixwijzer.web.profiles.words import BODIES, HINTS, KINDS, PARTS, QUESTIONS
from mixwijzer.web.ui.categories import category_name

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

__all__ = ["AdoptForm", "AdviceForm", "DraftForm", "PaperForm", "TextForm", "TryForm"]

SHARES = ("min", "target", "max")
LONGEST = 600  # an answer of a motive [characters]


def _day(
    label: StrOrPromise, hint: StrOrPromise = "", *, required: bool = False
) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _text(
    label: StrOrPromise, hint: StrOrPromise = "", *, required: bool, longest: int = LONGEST
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One field of the table of values, with what holds when it is left empty."""

    field: forms.BoundField
    label: str
    inherits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One category in places of one kind."""

    category: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The lines of one kind of place."""

    kind: str
    name: str
    parts: tuple[str, ...]
    lines: tuple[Line, ...]


class DraftForm(forms.Form):
    """A whole draft: bands and caps per kind of place and category, motives, dates."""

    def __init__(
        self,
        page: EditPage,
        inherited: Mapping[tuple[str, str, str], str],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=None if data is not None else _initial(page.content))
        self.page, self.inherited = page, inherited
        for kind in GOVERNED[page.place.kind]:
            for category in page.categories:
                self._add(kind, category)
        for name in MOTIVES:
            self.fields[name] = _text(QUESTIONS[name], HINTS[name], required=False)
        self.fields["review_on"] = _day(gettext_lazy("When do you look whether it works?"))
        self.fields["until"] = _day(
            gettext_lazy("Until when does it hold?"),
            gettext_lazy("The first day without it. Empty: until a next profile."),
        )

    def _add(self, kind: str, category: str) -> None:
        where = f"{category_name(category)}, {KINDS[kind]}"
        for part in SHARES if kind != "stairwell" else ():
            said = f"{where}: {PARTS[part]} (%)"
            self.fields[f"{kind}_{category}_{part}"] = forms.DecimalField(
                label=said,
                required=False,
                min_value=0,
                max_value=100,
                decimal_places=2,
                widget=forms.NumberInput(attrs={"class": "input", "aria-label": said}),
            )
        if kind != "stairwell":
            said = f"{where}: {PARTS['hard']}"
            self.fields[f"{kind}_{category}_hard"] = forms.BooleanField(
                label=said,
                required=False,
                widget=forms.CheckboxInput(attrs={"aria-label": said}),
            )
        said = f"{where}: {PARTS['cap']}"
        self.fields[f"{kind}_{category}_cap"] = forms.IntegerField(
            label=said,
            required=False,
            min_value=0,
            max_value=9_999,
            widget=forms.NumberInput(attrs={"class": "input", "aria-label": said}),
        )

    @property
    def parts(self) -> Iterator[Part]:
        """The table of values, kind by kind."""
        for kind in GOVERNED[self.page.place.kind]:
            names = ("cap",) if kind == "stairwell" else (*SHARES, "hard", "cap")
            yield Part(
                kind=kind,
                name=str(KINDS[kind]),
                parts=tuple(str(PARTS[name]) for name in names),
                lines=tuple(self._line(kind, each, names) for each in self.page.categories),
            )

    def _line(self, kind: str, category: str, names: tuple[str, ...]) -> Line:
        return Line(
            category=category,
            cells=tuple(
                Cell(
                    field=self[f"{kind}_{category}_{name}"],
                    label=str(PARTS[name]) + ("" if name in {"hard", "cap"} else " (%)"),
                    inherits=self.inherited.get((kind, category, name), ""),
                )
                for name in names
            ),
        )

    @property
    def told(self) -> Iterator[forms.BoundField]:
        """The fields about why and how long."""
        for name in (*MOTIVES, "review_on", "until"):
            yield self[name]

    def clean(self) -> dict[str, Any]:
        """Refuse shares that aren't in order, and days that can't be."""
        cleaned = super().clean() or {}
        for kind in GOVERNED[self.page.place.kind]:
            for category in self.page.categories:
                shares = [cleaned.get(f"{kind}_{category}_{part}") for part in SHARES]
                present = [each for each in shares if each is not None]
                if present != sorted(present):
                    self.add_error(
                        f"{kind}_{category}_min",
                        _("Put the shares in order: at least, aimed at, at most."),
                    )
        return cleaned

    @property
    def content(self) -> Content:
        """What was typed; a plan to fill up, which isn't typed here, stays."""
        given = self.cleaned_data
        plans = {
            (each.for_kind, each.category): each.fill_up_until for each in self.page.content.bands
        }
        bands, caps = [], []
        for kind in GOVERNED[self.page.place.kind]:
            for category in self.page.categories:
                shares = {part: _points(given.get(f"{kind}_{category}_{part}")) for part in SHARES}
                plan = plans.get((kind, category))
                if plan or any(each is not None for each in shares.values()):
                    hard = bool(given.get(f"{kind}_{category}_hard"))
                    bands.append(
                        BandLine(
                            for_kind=kind,
                            category=category,
                            hard=hard,
                            fill_up_until=plan,
                            **shares,
                        )
                    )
                most = given.get(f"{kind}_{category}_cap")
                if most is not None:
                    caps.append(CapLine(for_kind=kind, category=category, at_most=most))
        return Content(
            bands=tuple(bands),
            caps=tuple(caps),
            motive={name: given.get(name, "") for name in MOTIVES},
            until=given.get("until"),
            review_on=given.get("review_on"),
        )


def _points(share: Decimal | None) -> int | None:
    return None if share is None else int(share * 100)


def _initial(content: Content) -> dict[str, Any]:
    found: dict[str, Any] = dict(content.motive)
    found |= {"until": content.until, "review_on": content.review_on}
    for band in content.bands:
        name = f"{band.for_kind}_{band.category}"
        for part in SHARES:
            points = getattr(band, part)
            found[f"{name}_{part}"] = None if points is None else percent(points)
        found[f"{name}_hard"] = band.hard
    for cap in content.caps:
        found[f"{cap.for_kind}_{cap.category}_cap"] = cap.at_most
    return found


def percent(points: int) -> str:
    """Write basis points as a percentage without needless digits."""
    return f"{points / 100:g}"


class TextForm(forms.Form):
    """A short text that goes with a step."""

    text = _text(gettext_lazy("In a few sentences"), required=False, longest=2_000)


class AdviceForm(forms.Form):
    """The advice of the tenants' organisation, with a letter if there is one."""

    text = _text(gettext_lazy("Your advice, in a few sentences"), required=False, longest=2_000)
    paper = forms.FileField(
        label=gettext_lazy("Your letter (PDF, at most 5 MB)"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )


class PaperForm(forms.Form):
    """A document of a version."""

    paper = forms.FileField(
        label=gettext_lazy("A document (PDF, at most 5 MB)"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )


class AdoptForm(forms.Form):
    """From when, and who decided."""

    start = _day(gettext_lazy("From which day?"), required=True)
    body = forms.ChoiceField(label=gettext_lazy("Who decided?"), choices=list(BODIES.items()))


class TryForm(forms.Form):
    """A band that somebody tries on made-up buildings."""

    attention_target = forms.IntegerField(
        label=gettext_lazy("Some extra attention: aimed at (%)"),
        min_value=0,
        max_value=100,
        required=False,
    )
    attention_max = forms.IntegerField(
        label=gettext_lazy("Some extra attention: at most (%)"),
        min_value=0,
        max_value=100,
        required=False,
    )
    carrier_min = forms.IntegerField(
        label=gettext_lazy("Active neighbours: at least (%)"),
        min_value=0,
        max_value=100,
        required=False,
    )

    @property
    def bands(self) -> dict[str, tuple[int | None, int | None, int | None]]:
        """Bands in basis points: min, target, max by category."""

        def points(name: str) -> int | None:
            share = self.cleaned_data.get(name)
            return None if share is None else share * 100

        return {
            "attention": (None, points("attention_target"), points("attention_max")),
            "carrier": (points("carrier_min"), None, None),
        }
