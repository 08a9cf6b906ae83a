"""What does an answer look like as one JSON document for other programs?

Every command's document is described by `schemas/<command>.json` and opens with its birth
certificate: schema version, day and data date, norms, engine version. The figures are those of the
tidy rows (`mixwijzer.exchange.reports`); the sentences are those of the catalogues.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeAlias

from mixwijzer.engine import ENGINE_VERSION
from mixwijzer.engine.account import Spread
from mixwijzer.engine.advice import Advice, CategoryAdvice, LookAhead, Rule
from mixwijzer.engine.errors import MixwijzerError
from mixwijzer.engine.obligations import ObligationCount
from mixwijzer.engine.portfolio import KEYS, Portfolio, Scope
from mixwijzer.engine.reasons import Change
from mixwijzer.exchange.catalogue import has_sentence
from mixwijzer.exchange.findings import Finding
from mixwijzer.exchange.inquiry import Inquiry, Refusal
from mixwijzer.exchange.reports import ScopeAccount
from mixwijzer.exchange.stories import StoryOutcome
from mixwijzer.exchange.tables import Reading
from mixwijzer.exchange.tabular import Table
from mixwijzer.exchange.wording import (
    Audience,
    CategoryText,
    CategoryWords,
    Explanation,
    Language,
    error_text,
    explain,
    finding_text,
    sentence,
)

__all__ = [
    "SCHEMA_VERSION",
    "Document",
    "account_document",
    "advice_document",
    "advice_item",
    "advice_pieces",
    "check_document",
    "finding_item",
    "heading",
    "norms_used",
    "obligation_document",
    "row_counts",
    "schema",
    "story_document",
    "trouble_document",
    "words_for",
    "written_document",
]

Document: TypeAlias = dict[str, Any]

SCHEMA_VERSION = "1.0"

_SCHEMAS = Path(__file__).resolve().parent / "schemas"


def schema(command: str) -> Document:
    """Return the JSON Schema of a command's document."""
    text = (_SCHEMAS / f"{command}.json").read_text(encoding="utf-8")
    document: Document = json.loads(text)
    return document


def heading(command: str, inquiry: Inquiry | None = None) -> Document:
    """Return what every document opens with: where its figures come from."""
    from mixwijzer import __version__

    head: Document = {
        "schema_version": SCHEMA_VERSION,
        "command": command,
        "mixwijzer_version": __version__,
        "engine_version": ENGINE_VERSION,
    }
    if inquiry is not None:
        data_date = inquiry.portfolio.data_date
        head |= {
            "data_date": data_date.isoformat() if data_date else None,
            "day": inquiry.day.isoformat(),
            "synthetic": inquiry.portfolio.synthetic,
            "scheme": inquiry.scheme,
            "normset": inquiry.norms.name,
        }
    return head


def norms_used(inquiry: Inquiry, keys: Iterable[str]) -> list[Document]:
    """Return, of the keys that are norms, what was in force on the day and how hard it is."""
    return [
        {
            "key": key,
            "standing": inquiry.norms[key].standing.value,
            "start": value.start.isoformat(),
            "end": value.end.isoformat() if value.end else None,
            "source": value.source,
        }
        for key in dict.fromkeys(keys)
        if key in inquiry.norms.book
        for value in (inquiry.norms[key].on(inquiry.day),)
    ]


def advice_document(
    inquiry: Inquiry,
    found: Iterable[Advice | Refusal],
    language: Language,
    audience: Audience = Audience.INTERNAL,
) -> Document:
    """Return advices as one document."""
    text = "".join(advice_pieces(inquiry, found, language, audience))
    document: Document = json.loads(text)
    return document


def advice_pieces(
    inquiry: Inquiry,
    found: Iterable[Advice | Refusal],
    language: Language,
    audience: Audience = Audience.INTERNAL,
) -> Iterator[str]:
    """Yield the text of that document piece by piece, an advice a line.

    Nothing of an advice is kept once it is written, however many there are. Nothing is yielded
    before the first one is made: what can't be asked at all leaves no half document.
    """
    waiting = iter(found)
    first = list(islice(waiting, 1))
    refused: list[Document] = []
    used: dict[str, None] = {}
    head = {**heading("advise", inquiry), "language": language, "audience": audience.value}
    yield f'{_text(head)[:-1]}, "advices": ['
    separator = "\n"
    for each in chain(first, waiting):
        if isinstance(each, Refusal):
            refused.append(_refusal(each, language))
            continue
        used |= dict.fromkeys(each.norms_used)
        if each.ahead is not None:
            used |= dict.fromkeys(inquiry.norms_ahead())
        yield separator + _text(advice_item(each, language, audience))
        separator = ",\n"
    tail: Document = {"without_advice": refused, "norms_used": norms_used(inquiry, used)}
    if audience is Audience.INTERNAL:
        tail["rows_used"] = [key for key in used if key not in inquiry.norms.book]
    yield f"\n], {_text(tail)[1:]}\n"


def words_for(advice: Advice, language: Language) -> dict[str, CategoryWords]:
    """Return words for the categories that the catalogues don't know: those of an own scheme."""
    return {
        each.category: CategoryWords(
            name=each.category,
            **{
                part: sentence(f"commands.own_category.{part}", language, category=each.category)
                for part in ("many", "another", "counted")
            },
        )
        for each in advice.categories
        if not has_sentence(f"words.category.{each.category}.name", language)
    }


def _text(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False)


def _refusal(refusal: Refusal, language: Language) -> Document:
    error = refusal.error
    return {
        "vacancy": refusal.vacancy,
        "code": error.code,
        "text": error_text(error, language),
    }


def advice_item(advice: Advice, language: Language, audience: Audience) -> Document:
    """Return one advice as a document: figures and sentences, or sentences alone for outsiders."""
    if audience is Audience.PUBLIC:
        return _public_item(advice, language)
    told = explain(advice, language, audience, words=words_for(advice, language))
    return {
        "vacancy": advice.vacancy,
        "dwelling": advice.dwelling,
        "complex": advice.complex.code,
        "free_from": advice.free_from.isoformat(),
        "level": advice.level.value,
        "headline": told.headline,
        "open_vacancies": advice.open_vacancies,
        "joint": advice.joint,
        "categories": [
            _category(advice, each, text)
            for each, text in zip(advice.categories, told.categories, strict=True)
        ],
        "channels": [
            {
                "channel": each.channel.id,
                "chance": each.chance,
                "out_of_band": each.out_of_band,
                "has_ground": each.has_ground,
                "cost": each.cost,
                "ground": each.channel.ground.value,
            }
            for each in advice.channels
        ],
        "recommended": advice.recommended,
        "small_difference": advice.small_difference,
        "counts": [
            {"scope": _scope(scope), "category": name, **_spread(spread)}
            for scope, spreads in advice.counts.items()
            for name, spread in spreads.items()
        ],
        "valid_until": advice.valid_until.isoformat(),
        "valid_because": advice.valid_because.value,
        "ahead": _ahead(advice.ahead, told),
    }


def _ahead(ahead: LookAhead | None, told: Explanation) -> Document | None:
    if ahead is None:
        return None
    return {
        "absent": ahead.absent,
        "best": ahead.best,
        "placements": [
            {
                "category": each.category,
                **asdict(each.placement),
                "later": [asdict(later) for later in each.later],
                "again": asdict(each.again) if each.again else None,
                "sentences": list(told.of(each.category).ahead),
            }
            for each in ahead.placements
        ],
    }


def _public_item(advice: Advice, language: Language) -> Document:
    told = explain(advice, language, Audience.PUBLIC, words=words_for(advice, language))
    return {
        "vacancy": advice.vacancy,
        "headline": told.headline,
        "categories": [
            {
                "category": each.category,
                "name": each.name,
                "verdict": each.verdict.name.lower(),
                "reasons": list(each.reasons),
                "way_out": list(each.way_out),
            }
            for each in told.categories
        ],
    }


def _category(advice: Advice, each: CategoryAdvice, text: CategoryText) -> Document:
    return {
        "category": each.category,
        "name": text.name,
        "verdict": each.verdict.name.lower(),
        "headline": text.headline,
        "sentences": list(text.sentences),
        "binding": each.binding.id if each.binding else None,
        "better_by_expiry": each.better_by_expiry,
        "rules": [_rule(rule) for rule in each.rules],
        "reasons": [
            {
                "kind": reason.kind.value,
                "verdict": reason.verdict.name.lower(),
                "scope": reason.scope or None,
                "rule": reason.rule or None,
                "norm": reason.norm or None,
                "text": told,
            }
            for reason, told in zip(each.reasons, text.reasons, strict=True)
        ],
        "flips": [
            {
                "verdict": flip.verdict.name.lower(),
                "changes": [_change(change) for change in flip.changes],
                "text": f"{told.question} {told.answer}",
            }
            for flip, told in zip(each.flips, text.flips, strict=True)
        ],
        "blocked": [
            {
                "kind": blocked.kind.value,
                "scope": blocked.scope,
                "rule": blocked.rule or None,
                "by": list(blocked.by),
            }
            for blocked in each.blocked
        ],
        "alternatives": [
            {
                "vacancy": other.vacancy,
                "verdict": other.verdict.name.lower(),
                "chance": other.chance,
                "distance": other.distance,
            }
            for other in advice.alternatives.get(each.category, ())
        ],
    }


def _rule(rule: Rule) -> Document:
    return {
        "id": rule.id,
        "kind": rule.kind.value,
        "norm": rule.norm,
        "scope": _scope(rule.scope),
        "base": rule.base,
        "limit": rule.limit,
        "chance": rule.chance,
        "chance_next": rule.chance_next,
        "verdict": rule.verdict.name.lower(),
        "modifiers": [each.value for each in rule.modifiers],
        "count": _spread(rule.count),
        "headroom": rule.headroom,
        "headroom_likely": list(rule.headroom_likely),
        "headroom_wide": list(rule.headroom_wide),
        "robust": rule.robust,
    }


def _change(change: Change) -> Document:
    return {
        "kind": change.kind.value,
        "scope": change.scope,
        "rule": change.rule or None,
        "amount": change.amount,
    }


def _scope(scope: Scope) -> Document:
    return {"kind": scope.kind.name.lower(), "code": scope.code}


def _spread(spread: Spread) -> Document:
    return {
        "best": spread.best,
        "median": spread.median,
        "likely": list(spread.likely),
        "wide": list(spread.wide),
        "mean": spread.mean,
    }


def account_document(inquiry: Inquiry, accounts: Iterable[ScopeAccount]) -> Document:
    """Return the accounts as one document."""
    prefixes = ("account.", f"mix.scheme.{inquiry.scheme}")
    keys = sorted(key for key in inquiry.norms if key.startswith(prefixes))
    return {
        **heading("account", inquiry),
        "accounts": [_account_item(each) for each in accounts],
        "norms_used": norms_used(inquiry, keys),
    }


def _account_item(each: ScopeAccount) -> Document:
    return {
        "owner": each.owner,
        "scope": _scope(each.scope),
        "name": each.name,
        "level": each.level,
        "base": each.base,
        "present": each.present,
        "vacant": each.vacant,
        "committed": each.committed,
        "categories": [
            {
                "category": name,
                **_spread(each.account.spread(name)),
                "band_low": each.bands.get(name, (None, None))[0],
                "band_high": each.bands.get(name, (None, None))[1],
                "chance_inside": each.chance_inside(name),
            }
            for name in each.account.scheme.categories
        ],
    }


def obligation_document(
    inquiry: Inquiry,
    counts: Iterable[ObligationCount],
    table: Table,
    *,
    feasibility: list[Document],
    divisions: list[Document],
) -> Document:
    """Return where the obligations stand, whether all can hold and whose part is whose, as one.

    The obligations rest on no norm; what can hold rests on those of the accounts.
    """
    keys = sorted(
        key for key in inquiry.norms if key.startswith(("account.", f"mix.scheme.{inquiry.scheme}"))
    )
    return {
        **heading("obligations", inquiry),
        "obligations": [
            {
                **{
                    name: value.isoformat() if isinstance(value, date) else value
                    for name, value in row.items()
                },
                "lettings": list(each.lettings),
                "awaited": list(each.awaited),
            }
            for each, row in zip(counts, table, strict=True)
        ],
        "feasibility": feasibility,
        "divisions": divisions,
        "norms_used": norms_used(inquiry, keys) if feasibility else [],
    }


def finding_item(finding: Finding, language: Language) -> Document:
    """Return one finding as a document."""
    return {
        "severity": finding.severity.name.lower(),
        "code": finding.code,
        "file": finding.file,
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "value": finding.value,
        "facts": dict(finding.facts),
        "text": finding_text(finding, language),
    }


def check_document(reading: Reading, language: Language) -> Document:
    """Return what a reading found as one document."""
    portfolio = reading.portfolio
    data_date = portfolio.data_date if portfolio else None
    return {
        **heading("check"),
        "language": language,
        "usable": portfolio is not None,
        "data_date": data_date.isoformat() if data_date else None,
        "synthetic": portfolio.synthetic if portfolio else None,
        "rows": row_counts(portfolio) if portfolio else {},
        "findings": [finding_item(each, language) for each in reading.findings],
        "dropped": dict(reading.dropped),
    }


def story_document(outcomes: Iterable[StoryOutcome]) -> Document:
    """Return what came of stories as one document."""
    found = list(outcomes)
    return {
        **heading("story"),
        "passed": sum(each.passed for each in found),
        "stories": [
            {
                "file": each.story.file,
                "story": each.story.story,
                "day": each.story.today.isoformat(),
                "passed": each.passed,
                "verdicts": {
                    category.category: category.verdict.name.lower()
                    for category in (each.advice.categories if each.advice else ())
                },
                "error": each.error.code if each.error else None,
                "differences": [
                    {
                        "category": difference.category or None,
                        "what": difference.what,
                        "wanted": difference.wanted,
                        "found": difference.found,
                    }
                    for difference in each.differences
                ],
            }
            for each in found
        ],
    }


def trouble_document(
    command: str, error: MixwijzerError, language: Language, findings: Iterable[Finding] = ()
) -> Document:
    """Return why a command could not answer as one document."""
    return {
        **heading(command),
        "language": language,
        "error": {
            "code": error.code,
            "subject": error.subject,
            "facts": dict(error.facts),
            "text": error_text(error, language).partition("\n")[0],
        },
        "findings": [finding_item(each, language) for each in findings],
    }


def written_document(command: str, portfolio: Portfolio, path: Path, **facts: object) -> Document:
    """Return what was written where as one document."""
    return {
        **heading(command),
        "data_date": portfolio.data_date.isoformat() if portfolio.data_date else None,
        "synthetic": portfolio.synthetic,
        "path": str(path),
        "rows": row_counts(portfolio),
        **facts,
    }


def row_counts(portfolio: Portfolio) -> dict[str, int]:
    """Return the number of rows of each table that has any."""
    sizes = {name: len(getattr(portfolio, name)) for name in KEYS}
    return {name: size for name, size in sizes.items() if size}
