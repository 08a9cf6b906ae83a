"""Who gets which home of a round that stands in files; why (not), and what clashes?

`divided` reads a round, or makes it of a portfolio (`Part` of it), and divides it; the others say
it as rows, as one document or in sentences. `divided_together` divides what several associations
bring, each a `Side`.
"""

from mixwijzer.exchange.rounds._dividing import Divided, divided
from mixwijzer.exchange.rounds._portfolio import ALL, Part
from mixwijzer.exchange.rounds._reading import RoundSource, is_portfolio
from mixwijzer.exchange.rounds._rows import round_document, round_tables
from mixwijzer.exchange.rounds._sheets import (
    agreement_sheet,
    clash_lines,
    left_out_lines,
    placement_sheet,
    proof_lines,
    why_lines,
)
from mixwijzer.exchange.rounds._together import Side, divided_together

__all__ = [
    "ALL",
    "Divided",
    "Part",
    "RoundSource",
    "Side",
    "agreement_sheet",
    "clash_lines",
    "divided",
    "divided_together",
    "is_portfolio",
    "left_out_lines",
    "placement_sheet",
    "proof_lines",
    "round_document",
    "round_tables",
    "why_lines",
]
