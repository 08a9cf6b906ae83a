"""What a template may call; every page has these without loading them.

`docs/reference/ui-kit.md` lists every tag and filter with an example.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.forms import BaseForm, BoundField
from django.template import Library
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mixwijzer.web.ui import charts, figures, formats
from mixwijzer.web.ui.categories import category_name
from mixwijzer.web.ui.charts import (
    Chart,
    Counted,
    Course,
    Difference,
    Field,
    Part,
    Reach,
    Span,
)
from mixwijzer.web.ui.components import Channel, Link, Option, Persona, Step

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

register = Library()

SHEET = Path(__file__).resolve().parents[1] / "static" / "ui" / "icons.svg"

STANDINGS: dict[str, StrOrPromise] = {
    "law": gettext_lazy("law"),
    "agreement": gettext_lazy("agreement"),
    "aim": gettext_lazy("aim"),
    "assumption": gettext_lazy("assumption"),
}
# word, icon and colour of each verdict: no two share one of the three
VERDICTS: dict[str, tuple[StrOrPromise, str, str]] = {
    "room": (gettext_lazy("Room"), "circle-check", "ok"),
    "tight": (gettext_lazy("Tight"), "triangle-alert", "warn"),
    "ask_first": (gettext_lazy("Ask first"), "circle-question-mark", "ask"),
    "no_room": (gettext_lazy("No room"), "octagon-x", "stop"),
}
TONE_ICONS = {
    "ok": "circle-check",
    "warn": "triangle-alert",
    "stop": "octagon-x",
    "info": "info",
    "ask": "circle-question-mark",
    "mute": "minus",
    "plain": "info",
}


# ---- filters


@register.filter
def chance(probability: float) -> str:
    """`{{ .91|chance }}`: 9 in 10."""
    return formats.chance(probability)


@register.filter
def of_hundred(probability: float) -> str:
    """`{{ .91|of_hundred }}`: 91 out of 100."""
    return formats.of_hundred(probability)


@register.filter
def nldate(value: date | None, style: str = "") -> str:
    """`{{ day|nldate }}`: wo 25 november; a moment adds 10.00 uur. Styles: short, long, year."""
    return formats.day(value, style) if value else ""


@register.filter
def span(value: Span, style: str = "") -> str:
    """`{{ range|span }}`: 11–14; `{{ range|span:"words" }}`: 11 tot 14."""
    return formats.span_words(value) if style == "words" else formats.span(value)


@register.filter
def euro(amount: float | Decimal | None) -> str:
    """`{{ 694|euro }}`: € 694."""
    return "" if amount is None else formats.euro(amount)


@register.filter
def share(value: float, places: int = 0) -> str:
    """`{{ .34|share }}`: 34 %."""
    return formats.share(value, places)


@register.filter
def number(value: float, places: int = 0) -> str:
    """`{{ 2412|number }}`: 2.412."""
    return formats.number(value, places)


# ---- words, signs and tags


@cache
def icon_names() -> frozenset[str]:
    """Return the names of the icons that are on the sheet."""
    return frozenset(re.findall(r'<symbol id="([^"]+)"', SHEET.read_text(encoding="utf-8")))


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """`{% icon "key-round" %}`: a drawing beside a word, never instead of it."""
    if name not in icon_names():
        raise ValueError(f"no icon {name!r}: add it to tools/vendor_assets.py")
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {css}" if css else "",
        static("ui/icons.svg"),
        name,
    )


@register.simple_tag
def status(tone: str, text: str, icon_name: str = "") -> SafeString:
    """`{% status "warn" "Tight" %}`: sign, word and tint. Tones: ok warn stop info ask mute."""
    return format_html(
        '<span class="status status-{}">{}{}</span>',
        tone,
        icon(icon_name or TONE_ICONS[tone]),
        text,
    )


@register.simple_tag
def verdict_badge(verdict: object, probability: float | None = None, note: str = "") -> SafeString:
    """`{% verdict_badge "room" .91 %}`: word, sign and colour; takes an engine verdict too."""
    word, sign, tone = VERDICTS[_key(verdict)]
    said = formats.chance(probability) if probability is not None else note
    return status(
        tone, _("%(word)s, %(said)s") % {"word": word, "said": said} if said else str(word), sign
    )


@register.simple_tag
def norm(standing: object, source: str = "") -> SafeString:
    """`{% norm "aim" "Profiel v2, art. 2" %}`: how hard a rule is, and where it stands."""
    key = _key(standing)
    tag = format_html('<span class="norm norm-{}">{}</span>', key, STANDINGS[key])
    return format_html("{} <cite>{}</cite>", tag, source) if source else tag


@register.simple_tag
def swatch(category: str) -> SafeString:
    """Draw the colour and pattern of one kind of neighbour; its word stands beside it."""
    return format_html(
        '<svg class="swatch" aria-hidden="true" focusable="false">'
        '<rect width="20" height="14" class="ch-{}"></rect></svg>',
        category,
    )


@register.simple_tag
def category(key: str, label: str = "") -> SafeString:
    """`{% category "attention" %}`; an organisation's own word goes in `label`."""
    return format_html(
        '<span class="category">{}{}</span>', swatch(key), label or category_name(key)
    )


@register.simple_tag
def basis(owner: str, homes: int, of: int, place: str = "") -> SafeString:
    """`{% basis "Woonbelang" 212 624 %}`: what a neighbourhood figure is counted over."""
    where = place or _("in this neighbourhood")
    text = _("of what %(owner)s owns %(where)s: %(homes)s of %(all)s homes (%(share)s)") % {
        "owner": owner,
        "where": where,
        "homes": formats.number(homes),
        "all": formats.number(of),
        "share": formats.share(homes / of if of else 0.0),
    }
    return format_html('<span class="basis">{}<span>{}</span></span>', icon("house"), text)


def _key(value: object) -> str:
    """Return the word of an enum or of a string, in lower case."""
    return str(getattr(value, "name", value)).lower()


# ---- blocks with content of their own


@register.simple_block_tag
def card(
    content: str,
    title: str,
    note: str = "",
    aside: str = "",
    count: int | None = None,
    css: str = "",
) -> SafeString:
    """`{% card "Facts" note="…" %} … {% endcard %}`: a titled part of a page."""
    key = f"card-{slugify(title)}"
    number_of = (
        format_html('<span class="tally-count">{}</span>', count) if count is not None else ""
    )
    return format_html(
        '<section class="card{}" aria-labelledby="{}"><header class="card-head"><div>'
        '<h2 class="card-title" id="{}">{}{}</h2>{}</div>{}</header>'
        '<div class="card-body">{}</div></section>',
        f" {css}" if css else "",
        key,
        key,
        title,
        number_of,
        _wrapped('<p class="card-note">{}</p>', note),
        _wrapped('<div class="card-aside">{}</div>', aside),
        content,
    )


@register.simple_block_tag
def notice(content: str, tone: str, title: str = "", level: int = 3) -> SafeString:
    """`{% notice "warn" "Title" %} … {% endnotice %}`. Tones: info ok warn stop plain.

    The title's level is 3, inside a card; above all cards say `level=2`.
    """
    return format_html(
        '<div class="notice notice-{}">{}<div>{}{}</div></div>',
        tone,
        icon(TONE_ICONS[tone]),
        format_html('<h{0} class="notice-title">{1}</h{0}>', level, title) if title else "",
        content,
    )


@register.simple_block_tag
def empty(content: str, title: str, icon_name: str = "circle-check") -> SafeString:
    """`{% empty "No open objections." %}What would appear here.{% endempty %}`."""
    return format_html(
        '<div class="empty">{}<p><b>{}</b> {}</p></div>', icon(icon_name), title, content
    )


@register.simple_block_tag
def hint(content: str) -> SafeString:
    """`{% hint %} … {% endhint %}`: one line of explanation under a part."""
    return format_html('<p class="hint">{}<span>{}</span></p>', icon("info"), content)


@register.simple_block_tag
def veil(content: str, title: str) -> SafeString:
    """`{% veil "The advice opens after your answer." %} … {% endveil %}`."""
    return format_html('<div class="veil">{}<b>{}</b>{}</div>', icon("lock"), title, content)


@register.simple_block_tag
def verdict(
    content: str,
    answer: object,
    probability: float | None = None,
    kind: str = "",
    about: str = "",
    *,
    compact: bool = False,
) -> SafeString:
    """`{% verdict "no_room" kind="attention" about="…" %} … {% endverdict %}`: the large answer."""
    word, sign, _tone = VERDICTS[_key(answer)]
    chance_of = "" if probability is None else formats.chance(probability)
    told = _("chance of a place: %(chance)s") % {"chance": chance_of} if chance_of else ""
    said = _wrapped("<small>({})</small>", told)
    head = _wrapped(
        '<p class="verdict-about">{}</p>',
        format_html("{} {}", category(kind) if kind else "", about) if kind or about else "",
    )
    return format_html(
        '<section class="verdict verdict-{}{}">{}<h2 class="verdict-word">{}<span>{}</span>{}</h2>'
        '<div class="verdict-body">{}</div></section>',
        _key(answer).replace("_", "-"),
        " verdict-compact" if compact else "",
        head,
        icon(sign),
        word,
        said,
        content,
    )


def _wrapped(template: str, content: str) -> SafeString:
    return format_html(template, conditional_escape(content)) if content else mark_safe("")


# ---- lists of values


@register.inclusion_tag("ui/figures.html")
def figure_strip(figures: Sequence[object]) -> dict[str, object]:
    """Draw the strip of numbers under a page's title."""
    return {"figures": figures}


@register.inclusion_tag("ui/crumbs.html")
def breadcrumbs(crumbs: Sequence[Link]) -> dict[str, object]:
    """Draw where this page lies; the last crumb is the page itself."""
    return {"crumbs": crumbs}


@register.inclusion_tag("ui/steps.html")
def step_bar(steps: Sequence[Step], label: str = "") -> dict[str, object]:
    """Draw the steps from notice to key."""
    return {"steps": steps, "label": label or _("Steps of this vacancy")}


@register.inclusion_tag("ui/timeline.html")
def timeline(events: Sequence[object]) -> dict[str, object]:
    """Draw what happened, newest first."""
    return {"events": events}


@register.inclusion_tag("ui/facts.html")
def facts(items: Sequence[object], columns: int = 2) -> dict[str, object]:
    """Draw terms with what holds."""
    return {"facts": items, "columns": columns}


@register.inclusion_tag("ui/work.html")
def work_list(tasks: Sequence[object]) -> dict[str, object]:
    """Draw what waits for somebody: what, why, until when, one button."""
    return {"tasks": tasks}


@register.inclusion_tag("ui/reasons.html")
def reasons(lines: Sequence[object]) -> dict[str, object]:
    """Draw reasons, each with the rule behind it and how hard that is."""
    return {"reasons": lines}


@register.inclusion_tag("ui/channel.html")
def channel_card(channel: Channel) -> dict[str, object]:
    """Draw one way to let a home; nothing in it is chosen beforehand."""
    return {"channel": channel}


@register.inclusion_tag("ui/persona.html", takes_context=True)
def persona_button(context: dict[str, Any], persona: Persona, action: str) -> dict[str, object]:
    """Draw a button that logs in as somebody, in the demo."""
    return {"persona": persona, "action": action, "csrf_token": context.get("csrf_token", "")}


@register.inclusion_tag("ui/table.html")
def data_table(table: object) -> dict[str, object]:
    """Draw a table; on a phone every row becomes a small block with its column names."""
    return {"table": table}


# ---- forms


@register.inclusion_tag("ui/stepper.html")
def stepper(
    name: str,
    label: str,
    value: object = "",
    *,
    low: int = 0,
    high: int | None = None,
    best: bool = False,
    invalid: bool = False,
) -> dict[str, object]:
    """Draw a whole number with a button on either side; without a script it is a plain field."""
    return {
        "name": name,
        "label": label,
        "value": "" if value is None else value,
        "low": low,
        "high": high,
        "best": best,
        "invalid": invalid,
    }


@register.inclusion_tag("ui/chips.html")
def reason_chips(
    name: str,
    legend: str,
    options: Sequence[Option],
    chosen: str = "",
    error: str = "",
    *,
    required: bool = False,
    prefix: str = "",
) -> dict[str, object]:
    """Draw one choice among chips; nothing is chosen unless the reader chose it before."""
    return {
        "name": name,
        "legend": legend,
        "options": options,
        "chosen": chosen,
        "error": error,
        "required": required,
        "prefix": prefix or name,
    }


@register.inclusion_tag("ui/errors.html")
def error_summary(form: BaseForm) -> dict[str, object]:
    """Draw what is wrong with a form, each line leading to its field."""
    found = [
        Link(label=str(error), href=f"#{form[name].id_for_label}" if name in form.fields else "")
        for name, errors in form.errors.items()
        for error in errors
    ]
    return {"errors": found}


@register.inclusion_tag("ui/form_field.html")
def form_field(field: BoundField) -> dict[str, object]:
    """`{% form_field form.email %}`: label, hint, what is wrong, and the control."""
    described = [f"hint_{field.html_name}"] if field.help_text else []
    described += [f"error_{field.html_name}"] if field.errors else []
    attributes: dict[str, str | bool] = {"class": "input"}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return {"field": field, "widget": field.as_widget(attrs=attributes)}


# ---- charts


@register.simple_tag
def chart_patterns() -> SafeString:
    """Put the hatches on the page; the base page does so once."""
    return mark_safe(charts.patterns())  # noqa: S308 # holds no input


@register.simple_tag
def histogram(counted: Counted, what: str) -> Chart:
    """`{% histogram account "Some extra attention" as chart %}`."""
    return figures.histogram(counted, what)


@register.simple_tag
def range_line(counted: Counted, what: str, *, compact: bool = False) -> Chart:
    """`{% range_line account "Complex after this letting" as chart %}`."""
    return figures.range_line(counted, what, compact=compact)


@register.simple_tag
def fan(course: Course, what: str) -> Chart:
    """`{% fan course "Some extra attention" as chart %}`."""
    return figures.fan(course, what)


@register.simple_tag
def small_fan(course: Course, what: str, axis: Span) -> Chart:
    """`{% small_fan course "All steered" axis as chart %}`; fans side by side share an axis."""
    return figures.small_fan(course, what, axis)


@register.simple_tag
def triangle(field: Field, corners: Sequence[str], what: str) -> Chart:
    """`{% triangle field corners "De Vlierhof" as chart %}`; top, left and right corner."""
    return figures.triangle(field, corners, what)


@register.simple_tag
def reach_line(reach: Reach, what: str) -> Chart:
    """`{% reach_line reach "Some extra attention" as chart %}`."""
    return figures.reach_line(reach, what)


@register.simple_tag
def difference_line(difference: Difference, what: str, says: str) -> Chart:
    """`{% difference_line difference "Waiting" "3 months longer" as chart %}`."""
    return figures.difference_line(difference, what, says)


@register.simple_tag
def meter(
    what: str,
    value: float,
    full: float = 1.0,
    start: float = 0.0,
    expected: tuple[float, float] | None = None,
    marks: Sequence[tuple[float, str]] = (),
) -> Chart:
    """`{% meter "Suitable letting" .964 marks=norms as chart %}`."""
    return figures.value_meter(what, value, full, start=start, expected=expected, marks=marks)


@register.simple_tag
def share_bar(parts: Sequence[Part], what: str) -> Chart:
    """`{% share_bar parts "Working aim" as chart %}`."""
    return figures.shares(parts, what)


@register.simple_tag
def drawing(chart: Chart) -> SafeString:
    """`{% drawing chart %}`: the chart itself; it was escaped when it was made."""
    frame = f'<div class="ch-frame">{chart.svg}</div>'
    return mark_safe(frame)  # noqa: S308 # escaped by charts


@register.inclusion_tag("ui/twin.html")
def chart_table(chart: Chart) -> dict[str, object]:
    """`{% chart_table chart %}`: the same numbers, folded away as a table."""
    return {"table": chart.table}


@register.inclusion_tag("ui/key.html")
def chart_key(kind: str = "bar") -> dict[str, object]:
    """`{% chart_key %}` under range bars, `{% chart_key "histogram" %}` under a histogram."""
    return {"kind": kind}
