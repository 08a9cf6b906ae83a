"""What does every component look like? Made-up values, in Dutch as an association's data are."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime

from django import forms

from mixwijzer.web.ui.charts import (
    Ahead,
    Counted,
    Course,
    Difference,
    Field,
    Moment,
    Part,
    Reach,
    Span,
    Waypoint,
    fan_axis,
)
from mixwijzer.web.ui.components import (
    Channel,
    Column,
    DataTable,
    Event,
    Fact,
    Figure,
    Ground,
    Link,
    Option,
    Persona,
    ReasonLine,
    Stamp,
    Step,
    StepState,
    Task,
)

PROFILE = "Complexprofiel Rustig portiek v2, art. 2"
AGREEMENT = "Prestatieafspraken 2026, § 4.3"


class SampleForm(forms.Form):
    """A form that was sent with two things missing."""

    reason = forms.CharField(
        label="Reden",
        help_text="Eén zin is genoeg.",
        error_messages={"required": "Kies een reden."},
    )
    high = forms.IntegerField(
        label="Meest", error_messages={"required": "Vul in hoeveel het er meest zijn."}
    )


def bell(middle: float, width: float, homes: int) -> tuple[float, ...]:
    """Return a rounded-off bell over whole households, as an account would have."""
    weights = [math.exp(-0.5 * ((n - middle) / width) ** 2) for n in range(homes + 1)]
    return tuple(weight / math.fsum(weights) for weight in weights)


ATTENTION = Counted(
    best=12,
    likely=Span(low=11, high=14),
    wide=Span(low=9, high=16),
    homes=40,
    at_most=16,
    chances=bell(12.4, 2.4, 40),
)
CARRIERS = Counted(
    best=6,
    likely=Span(low=5, high=7),
    wide=Span(low=3, high=9),
    homes=40,
    at_least=5,
    chances=bell(5.9, 1.9, 40),
)
BOTH = replace(ATTENTION, at_least=10, at_most=14)
QUARTER = Counted(
    best=66,
    likely=Span(low=62, high=71),
    wide=Span(low=55, high=78),
    homes=212,
    at_most=84,
    chances=bell(66.3, 7, 212),
)
SMALL = Counted(
    best=1,
    likely=Span(low=0, high=2),
    wide=Span(low=0, high=4),
    homes=12,
    at_most=4,
    chances=bell(1.2, 1.4, 12),
)
OVER = Counted(
    best=17,
    likely=Span(low=16, high=19),
    wide=Span(low=14, high=21),
    homes=36,
    at_most=14,
    chances=bell(17.4, 2.2, 36),
)


def samples() -> dict[str, object]:
    """Return the value behind every component of the gallery."""
    form = SampleForm({})
    form.is_valid()
    made = (_charts, _ahead, _held, _figures, _steps, _work, _reasons, _choices, _told)
    return {name: value for each in made for name, value in each().items()} | {"form": form}


def _charts() -> dict[str, object]:
    return {
        "attention": ATTENTION,
        "carriers": CARRIERS,
        "both": BOTH,
        "quarter": QUARTER,
        "small": SMALL,
        "over": OVER,
        "parts": [
            Part(kind="regular", label="alle andere buren", share=0.5),
            Part(kind="attention", label="wat extra aandacht", share=0.35),
            Part(kind="carrier", label="actieve buren", share=0.1),
            Part(kind="unclear", label="nog niet bekend", share=0.05),
        ],
        "expected": (0.953, 0.97),
        "marks": [(0.95, "95 %")],
        "room_share": (0.056, 0.074),
        "room_marks": [(0.075, "7,5 %"), (0.15, "15 %")],
    }


def _moment(year: int, low: int, best: int, high: int) -> Moment:
    likely, wide = Span(low=low, high=high), Span(low=low - 2, high=high + 2)
    counted = replace(ATTENTION, best=best, likely=likely, wide=wide)
    return Moment(day=date(year, 9, 3), label=f"sep {year}", counted=counted)


def _months(best: float, fall: float, width: float) -> tuple[Ahead, ...]:
    """Return two years of what a forecast could say."""
    months = []
    for month in range(25):
        middle, reach = best - fall * month, width + 0.07 * month
        months.append(
            Ahead(
                months=month,
                label={12: "nov 2027", 24: "nov 2028"}.get(month, f"over {month} maanden"),
                middle=middle,
                likely=Span(low=round(middle - reach), high=round(middle + reach)),
                wide=Span(low=round(middle - 2.2 * reach), high=round(middle + 2.2 * reach)),
                marked=month in {12, 24},
            )
        )
    return tuple(months)


def _ahead() -> dict[str, object]:
    moments = (_moment(2023, 8, 9, 11), _moment(2024, 9, 11, 13), _moment(2025, 10, 12, 14))
    now = Moment(day=date(2026, 11, 23), label="nu", counted=ATTENTION)
    course = Course(moments=(*moments, now), ahead=_months(12.4, 0.02, 1.5), at_most=16)
    bare = Course(moments=(now,), ahead=_months(12.4, -0.12, 1.5), at_most=16, at_least=10)
    point = Span(low=67, high=67)
    today = Moment(
        day=date(2027, 1, 1),
        label="2027",
        counted=Counted(best=67, likely=point, wide=point, homes=100),
    )
    shares = [
        (name, Course(moments=(today,), ahead=_months(67, fall, 3)))
        for name, fall in (("Alles gestuurd", -0.8), ("15 van de 100", 0.1), ("Wachtlijst", 0.5))
    ]
    return {
        "course": course,
        "bare_course": bare,
        "past_course": replace(course, ahead=()),
        "shares_ahead": shares,
        "shares_axis": fan_axis([course for _, course in shares], most=100),
        "longer": Difference(value=3, most=12, sure=(1, 5)),
        "shorter": Difference(value=-11, most=12),
    }


def _held() -> dict[str, object]:
    way = [(0.42, 0.08), (0.40, 0.10), (0.38, 0.12), (0.35, 0.14), (0.34, 0.15)]
    months = ("nu", "6 mnd", "12", "24", "36")
    path = tuple(
        Waypoint(label=month, mix=(top, left, 1 - top - left))
        for month, (top, left) in zip(months, way, strict=True)
    )
    reach = ((0.15, 0.53, 0.32), (0.22, 0.12, 0.66), (0.53, 0.09, 0.38))
    after = ((0.3, 0.2, 0.5), (0.3, 0.13, 0.57), (0.38, 0.12, 0.5))
    band = ((0.3, 0.4), (0.12, 0.25), (0.45, 0.6))
    field = Field(reach=reach, path=path, after=after, band=band, target=(0.35, 0.15, 0.5))
    hopeful = tuple((2 * t - 0.3, 2 * le - 0.25, 2 * r - 0.45) for t, le, r in reach)
    return {
        "field": field,
        "unsure_field": replace(field, reach=after, perhaps=hopeful, after=((0.33, 0.14, 0.53),)),
        "corners": ("aandacht", "actieve buren", "andere buren"),
        "reach": Reach(low=0.08, high=0.62, now=0.42, after=(0.3, 0.38), at_least=0.3, at_most=0.4),
    }


def _figures() -> dict[str, object]:
    return {
        "crumbs": [
            Link(label="Complexen", href="#"),
            Link(label="De Vlier", href="#"),
            Link(label="De Vlierhof"),
        ],
        "strip": [
            Figure(
                icon="door-open",
                label="Ruimte, wat extra aandacht",
                value="2–5",
                unit="plekken",
                note="kans op ruimte: 9 op 10",
                href="#",
            ),
            Figure(
                icon="users",
                label="Actieve buren",
                value="5–7",
                unit="minstens 5",
                note="kans dat het er 5 zijn: 78 van de 100",
            ),
            Figure(
                icon="shield-check",
                label="Onder de grens blijven",
                value="95",
                unit="van de 100",
                note="over 24 maanden, als u blijft sturen",
            ),
            Figure(
                icon="clock",
                label="Laatste beeld",
                value="Vandaag",
                note="Iris; Hans op 10 september",
            ),
        ],
        "three": [
            Figure(icon="key-round", label="Verhuurd", value="9"),
            Figure(icon="flag", label="Zonder plek", value="3", note="oudste 14 weken"),
            Figure(icon="scale", label="Anders dan advies", value="2", note="elk met een reden"),
        ],
    }


def _steps() -> dict[str, object]:
    return {
        "steps": [
            Step(label="Gemeld", note="12 november", state=StepState.DONE),
            Step(label="Uw beeld", note="nu", state=StepState.CURRENT),
            Step(label="Advies"),
            Step(label="Besluit", note="vóór wo 10.00 uur"),
            Step(label="Aanbod"),
            Step(label="Sleutel", note="14 december"),
        ],
        "events": [
            Event(
                on=date(2026, 11, 23),
                icon="pencil",
                title="Wacht op uw beeld",
                text="Iris Voorbeeld. Het advies staat klaar en opent daarna.",
            ),
            Event(
                on=date(2026, 11, 17),
                icon="house",
                title="Voorinspectie gedaan",
                text="Hans Akker. Schilderwerk, geen uitstel.",
            ),
            Event(
                on=date(2026, 11, 12),
                icon="key-round",
                title="Huur opgezegd",
                text="Vrij per 14 december.",
            ),
        ],
        "home_facts": [
            Fact(term="Woning", value="3 kamers, 62 m²", note="2e verdieping, geen lift"),
            Fact(term="Huur", value="€ 694 per maand", note="sociale huur, passend toewijzen"),
            Fact(term="Vrij per", value="14 december 2026", note="opgezegd op 12 november"),
            Fact(
                term="Beslis uiterlijk",
                value="wo 25 november, 10.00 uur",
                note="dan gaat de advertentie online",
            ),
        ],
    }


def _work() -> dict[str, object]:
    return {
        "tasks": [
            Task(
                icon="pencil",
                title="Vlierhof 23: uw beeld",
                href="#",
                about="De Vlierhof · 3 kamers · vrij 14 december",
                why="Hoe is het hier, zonder nr. 23?",
                due="wo 25 november",
                due_note="10.00 uur online",
                urgency="soon",
                action="Geef beeld",
            ),
            Task(
                icon="hourglass",
                title="Vraag aan Hans: Rietkade 8",
                href="#",
                about="“Zijn het er meer dan 8?”",
                why="Gestuurd op 18 november, nog geen antwoord.",
                due="1 dag te laat",
                due_note="afgesproken: 2 werkdagen",
                urgency="late",
                action="Bel",
            ),
            Task(
                icon="message-circle",
                title="Parkwijk-Hoog: praat even",
                href="#",
                about="U 13–17, Hans 19–24",
                why="Met uw getallen is er ruimte, met die van Hans niet zeker.",
                due="vr 4 december",
                due_note="10 minuten",
                action="Plan",
            ),
        ],
    }


def _reasons() -> dict[str, object]:
    return {
        "reason_lines": [
            ReasonLine(
                tone="ok",
                title="De grens van 16 ligt boven bijna alle schattingen.",
                text="In 91 van de 100 gevallen is er plek voor nog een huishouden.",
                ground=Ground(standing="aim", source=f"{PROFILE}: t/m 40 %"),
            ),
            ReasonLine(
                tone="warn",
                title="De actieve buren zijn het krapst.",
                text="5–7 nu, minstens 5 afgesproken.",
                ground=Ground(standing="agreement", source="Complexprofiel, art. 3"),
            ),
            ReasonLine(
                tone="ok",
                title="Niemand met wettelijke voorrang wacht op deze woning.",
                text="Gecheckt op 23 november.",
                ground=Ground(standing="law", source="Huisvestingswet 2014, art. 12"),
            ),
            ReasonLine(tone="stop", title="De afspraak met Opstap is verlopen."),
            ReasonLine(
                tone="mute",
                title="Hoe zeker zijn schattingen van mensen?",
                text="Wie zegt “10 tot 14”, heeft het ongeveer 7 van de 10 keer goed.",
                ground=Ground(standing="assumption", source="trefkans 68 %, Speirs-Bridge 2010"),
            ),
        ],
        "channels": [
            Channel(
                title="Gewoon aanbod met motivatie",
                explanation="Wie het langst is ingeschreven gaat voor, van wie motiveert.",
                chance=0.801,
                delay="4 dagen extra",
                advert="“We zoeken iemand die iets voor de buren wil doen. Schrijf waarom.”",
                ground_text="Grond: experimenteerruimte, t/m 31 december 2027",
                ground=Ground(standing="agreement", source=AGREEMENT),
                recommended=True,
            ),
            Channel(
                title="Gewoon aanbod",
                explanation="Wie het langst is ingeschreven gaat voor.",
                chance=0.752,
                delay="geen extra dagen",
                ground_text="Grond: niet nodig",
                ground=Ground(standing="law", source="Huisvestingsverordening Hanzeveen, art. 9"),
            ),
            Channel(
                title="Tussenlanding",
                explanation="Eerst met begeleiding en een contract op naam van de partner.",
                chance=0.714,
                delay="9 dagen extra",
                closed="Geen geldige grond: de afspraak liep af op 1 november.",
            ),
        ],
    }


def _choices() -> dict[str, object]:
    return {
        "kinds": [
            Option(value="attention", label="wat extra aandacht", swatch="attention"),
            Option(value="carrier", label="actieve buur", swatch="carrier"),
            Option(value="regular", label="alle andere buren", swatch="regular"),
        ],
        "follow": [
            Option(value="fits", label="Klopt met mijn beeld"),
            Option(value="carrier", label="Actieve buur gezocht"),
            Option(value="asked", label="Buren vroegen erom"),
        ],
        "known": [
            Option(value="all", label="vrijwel iedereen"),
            Option(value="most", label="de meeste"),
            Option(value="part", label="een deel"),
        ],
        "ways": [
            Option(value="ordinary", label="Gewoon aanbod"),
            Option(value="direct", label="Directe bemiddeling"),
            Option(value="landing", label="Tussenlanding", disabled=True),
        ],
        "personas": [
            Persona(
                key="iris",
                name="Iris Voorbeeld",
                about="Woonconsulent: begin hier. Vlierhof 23 wacht op uw beeld.",
                first=True,
            ),
            Persona(
                key="tessa",
                name="Tessa Vliet",
                about="Verhuur: aanbod en contract",
                icon="key-round",
            ),
            Persona(
                key="mo",
                name="Mo Staal",
                about="Hoofd verhuur: aanvragen zonder plek, weekronde",
                icon="users",
            ),
            Persona(
                key="hans",
                name="Hans Akker",
                about="Wijkbeheerder: schat, praat, repareert",
                icon="message-circle",
            ),
        ],
    }


def _told() -> dict[str, object]:
    return {
        "followed": DataTable(
            caption="Ik volg",
            columns=(
                Column(label="Wat"),
                Column(label="Stap"),
                Column(label="Ligt bij"),
                Column(label="In deze stap", numeric=True),
            ),
            rows=(
                (
                    Link(label="Aanvraag 26-068", href="#"),
                    "Antwoord vóór 30 november",
                    "u",
                    "5 dagen",
                ),
                (Link(label="Vechtoever 3", href="#"), "Aangeboden", "Tessa Vliet", "3 dagen"),
                (Link(label="Parkwijk 88", href="#"), "Contract gepland", "Tessa Vliet", "1 dag"),
            ),
        ),
        "stamp": Stamp(
            data_of=datetime(2026, 11, 22, 22, 0, tzinfo=UTC),
            norms="normenset 2026-2",
            method_href="#",
        ),
        "moment": datetime(2026, 11, 25, 9, 0, tzinfo=UTC),
        "some_day": date(2026, 11, 25),
    }
