"""How does an answer read on a terminal, or in a file it is piped into?

Every overview is a `Sheet` of short texts: headings, cells, which columns are flush right. The
command line lays it out; here is decided what stands in it, in the words of the catalogues. The
figures are those of the tidy rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mixwijzer.engine.advice import Advice, Alternative
from mixwijzer.engine.obligations import Expectation, ObligationCount
from mixwijzer.engine.reasons import Verdict
from mixwijzer.exchange.catalogue import has_sentence
from mixwijzer.exchange.documents import words_for
from mixwijzer.exchange.inquiry import Inquiry
from mixwijzer.exchange.reports import ScopeAccount
from mixwijzer.exchange.stories import Difference, StoryOutcome
from mixwijzer.exchange.wording import (
    Audience,
    CategoryText,
    Language,
    error_text,
    explain,
    sentence,
)

__all__ = [
    "Sheet",
    "account_sheet",
    "advice_lines",
    "advice_row",
    "advice_sheet",
    "cell",
    "group",
    "head_lines",
    "headings",
    "limits",
    "obligation_sheet",
    "story_lines",
    "summary_lines",
]

_INDENT = "  "
_USUAL = "role"  # the scheme that need not be named


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """An overview: headings, rows of texts, and which columns are flush right."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]


def head_lines(inquiry: Inquiry, language: Language) -> Iterator[str]:
    """Yield of which day, of which data and under which norms the figures are."""
    data_date = inquiry.portfolio.data_date
    key = "day_undated" if data_date is None else "data_date"
    if data_date is not None and data_date != inquiry.day:
        key = "day_other"
    told = sentence(f"commands.head.{key}", language, day=inquiry.day, data_date=data_date)
    norms = sentence("commands.head.normset", language, normset=inquiry.norms.name)
    scheme = sentence("commands.head.scheme", language, scheme=inquiry.scheme)
    yield f"{told} {norms}" if inquiry.scheme == _USUAL else f"{told} {norms} {scheme}"
    if inquiry.portfolio.synthetic:
        yield sentence("commands.head.synthetic", language)


# --- advice


def advice_row(
    inquiry: Inquiry, advice: Advice, language: Language, audience: Audience
) -> tuple[str, ...]:
    """Return one line of the overview; outsiders get no count, limit or chance."""
    verdicts = tuple(_verdict(each.verdict, language) for each in advice.categories)
    front = (advice.vacancy, _home(inquiry, advice), advice.complex.code)
    if audience is Audience.PUBLIC:
        return (*front, *verdicts)
    return (
        *front,
        cell("day", advice.free_from, language),
        *verdicts,
        *_tightest(advice, language),
        _channel_name(advice, language),
        cell("day", advice.valid_until, language),
    )


def advice_sheet(
    inquiry: Inquiry,
    rows: Iterable[tuple[str, ...]],
    language: Language,
    audience: Audience,
) -> Sheet:
    """Return the overview of many advices."""
    categories = inquiry.schemes[inquiry.scheme].categories
    groups = tuple(group(each, language) for each in categories)
    names = ["vacancy", "dwelling", "complex"]
    if audience is Audience.PUBLIC:
        above = (*headings(names, language), *groups)
        return Sheet(headings=above, rows=tuple(rows), right=(False,) * len(above))
    after = ["limiting", "now", "limit", "chance", "channel", "valid"]
    above = (
        *headings([*names, "free_from"], language),
        *groups,
        *headings(after, language),
    )
    flush = {len(names) + 1 + len(groups) + after.index("limit")}
    right = tuple(position in flush for position in range(len(above)))
    return Sheet(headings=above, rows=tuple(rows), right=right)


def _tightest(advice: Advice, language: Language) -> tuple[str, str, str, str]:
    """Return the ceiling behind the worst verdict: where, how many now, limit, chance."""
    bound = [each for each in advice.categories if each.binding is not None]
    worst = min(bound, key=lambda each: each.verdict, default=None)
    if worst is None or worst.binding is None:
        return ("", "", "", "")
    rule = worst.binding
    return (
        sentence(f"words.scope.{rule.scope.kind.name.lower()}", language),
        cell("range", rule.count.likely, language),
        cell("number", rule.limit, language),
        cell("odds", rule.chance, language),
    )


def summary_lines(counts: dict[str, Counter[Verdict]], language: Language) -> Iterator[str]:
    """Yield how often each verdict was given, a line per category."""
    for category, verdicts in counts.items():
        parts = ", ".join(
            sentence(
                "commands.advice.summary_part", language, verdict=_verdict(verdict, language), n=n
            )
            for verdict in sorted(Verdict, reverse=True)
            if (n := verdicts[verdict])
        )
        yield sentence(
            "commands.advice.summary", language, category=group(category, language), counts=parts
        )


def advice_lines(
    inquiry: Inquiry, advice: Advice, language: Language, audience: Audience
) -> Iterator[str]:
    """Yield one advice in full sentences."""
    own = inquiry.portfolio.complex[advice.complex.code]
    told = explain(
        advice,
        language,
        audience,
        names={each.vacancy: _home_of(inquiry, each.vacancy) for each in _elsewhere(advice)},
        words=words_for(advice, language),
    )
    yield sentence(
        "commands.advice.title",
        language,
        vacancy=advice.vacancy,
        home=_home(inquiry, advice),
        complex=own.name,
        free=advice.free_from,
    )
    yield ""
    for text in told.categories:
        yield f"{text.name}: {text.headline}"
        yield from (_INDENT + line for line in (*_category_lines(text, language), *text.ahead))
        yield ""
    if told.channels:
        yield sentence("commands.advice.channels", language)
    for channel in told.channels:
        mark = f" ({sentence('commands.advice.recommended', language)})"
        yield f"{_INDENT}{channel.name}{mark if channel.recommended else ''}"
        yield f"{_INDENT * 2}{channel.chance} {channel.ground} ({channel.delay})"
    yield from told.remarks
    if told.valid is not None:
        yield told.valid
    if audience is Audience.INTERNAL:
        yield sentence(f"words.level.line.{advice.level.value}", language)
        if advice.ahead is None:
            yield sentence("commands.advice.not_ahead", language)


def _category_lines(text: CategoryText, language: Language) -> Iterator[str]:
    """Yield the sentences about a category; reasons only where no sentence has said them."""
    yield from text.sentences or text.reasons
    yield from text.way_out
    if text.flips:
        yield sentence("commands.advice.changes", language)
    for flip in text.flips:
        yield f"- {flip.question} {flip.answer}"


def _elsewhere(advice: Advice) -> list[Alternative]:
    return [each for others in advice.alternatives.values() for each in others]


def _home(inquiry: Inquiry, advice: Advice) -> str:
    return inquiry.portfolio.dwelling[advice.dwelling].address or advice.dwelling


def _home_of(inquiry: Inquiry, vacancy: str) -> str:
    home = inquiry.portfolio.dwelling[inquiry.portfolio.vacancy[vacancy].dwelling]
    return home.address or vacancy


def _channel_name(advice: Advice, language: Language) -> str:
    for each in advice.channels:
        if each.channel.id == advice.recommended:
            return each.channel.name.get(language, each.channel.id)
    return ""


# --- accounts and obligations


def account_sheet(accounts: Iterable[ScopeAccount], language: Language) -> Sheet:
    """Return who lives where: a row per scope and category."""
    rows = tuple(row for each in accounts for row in _account_rows(each, language))
    names = ("owner", "scope", "base", "present", "category", "likely", "wide", "band", "inside")
    right = tuple(name in {"base", "present"} for name in names)
    return Sheet(headings=headings(names, language), rows=rows, right=right)


def _account_rows(each: ScopeAccount, language: Language) -> Iterator[tuple[str, ...]]:
    for category in each.account.scheme.categories:
        spread = each.account.spread(category)
        chance = each.chance_inside(category)
        yield (
            each.owner,
            f"{each.scope.code} {each.name}".strip(),
            cell("number", each.base, language),
            cell("number", each.present, language),
            group(category, language),
            cell("range", spread.likely, language),
            cell("range", spread.wide, language),
            limits(*each.bands.get(category, (None, None)), language),
            "" if chance is None else cell("odds", chance, language),
        )


def obligation_sheet(
    counts: Iterable[ObligationCount],
    expectations: Iterable[Expectation | None],
    language: Language,
) -> Sheet:
    """Return where the obligations stand and whether they will be met: a row each."""
    names = (
        *("obligation", "owner", "group", "period", "unit"),
        *("target", "realised", "under_way", "remaining", "pace", "made"),
    )
    rows = tuple(
        (
            each.obligation.id,
            each.obligation.owner,
            each.obligation.group,
            f"{each.obligation.start.isoformat()} – {each.obligation.end.isoformat()}",
            sentence(f"commands.unit.{each.obligation.unit}", language),
            *(
                cell("number", number, language)
                for number in (
                    each.obligation.target + each.obligation.carried,
                    each.realised,
                    each.under_way,
                    each.remaining,
                    round(each.pace),
                )
            ),
            "–" if told is None else cell("odds", told.chance, language),
        )
        for each, told in zip(counts, expectations, strict=True)
    )
    right = (False,) * 5 + (True,) * 6
    return Sheet(headings=headings(names, language), rows=rows, right=right)


# --- stories


def story_lines(outcomes: Sequence[StoryOutcome], language: Language) -> Iterator[str]:
    """Yield which stories hold, and what differs where one does not."""
    for each in outcomes:
        word = sentence(f"commands.story.{'passed' if each.passed else 'failed'}", language)
        yield f"{word}: {each.story.story}"
        yield from (_INDENT + _difference(each, found, language) for found in each.differences)
    passed = sum(each.passed for each in outcomes)
    yield sentence("commands.story.summary", language, passed=passed, all=len(outcomes))


def _difference(outcome: StoryOutcome, found: Difference, language: Language) -> str:
    text = error_text(outcome.error, language) if outcome.error else ""
    if found.what == "error":
        key = "refused" if not found.wanted else "no_refusal" if not text else "other_refusal"
        return sentence(f"commands.story.{key}", language, wanted=found.wanted, text=text)
    nothing = sentence("commands.story.nothing", language)
    return sentence(
        "commands.story.difference",
        language,
        category=group(found.category, language) if found.category else "",
        what=sentence(f"commands.story.what.{found.what}", language),
        wanted=found.wanted or nothing,
        found=found.found or nothing,
    ).removeprefix(": ")


# --- words


def headings(names: Iterable[str], language: Language) -> tuple[str, ...]:
    """Return the words above columns."""
    return tuple(sentence(f"commands.column.{name}", language) for name in names)


def _verdict(verdict: Verdict, language: Language) -> str:
    return sentence(f"words.verdict.{verdict.name.lower()}", language)


def group(category: str, language: Language) -> str:
    """Return the short name of a category; of an own scheme, its code."""
    key = f"words.category.{category}.column"
    return sentence(key, language) if has_sentence(key, language) else category


def limits(low: int | None, high: int | None, language: Language) -> str:
    """Return a band in whole households, empty where there is none."""
    if low is None and high is None:
        return ""
    form = "at_most" if low is None else "at_least" if high is None else "between"
    return sentence(f"commands.band.{form}", language, low=low, high=high)


def cell(form: str, value: object, language: Language) -> str:
    """Return a value as it stands in a cell."""
    return sentence(f"commands.cell.{form}", language, value=value)
