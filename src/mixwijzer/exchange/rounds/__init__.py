"""Who gets which home of a round that stands in files; why (not), and what clashes?

`divided` reads a round and divides it; the others say it as rows, as one document or in sentences.
"""

from mixwijzer.exchange.rounds._dividing import Divided, divided
from mixwijzer.exchange.rounds._reading import RoundSource
from mixwijzer.exchange.rounds._rows import round_document, round_tables
from mixwijzer.exchange.rounds._sheets import (
    agreement_sheet,
    clash_lines,
    placement_sheet,
    proof_lines,
    why_lines,
)

__all__ = [
    "Divided",
    "RoundSource",
    "agreement_sheet",
    "clash_lines",
    "divided",
    "placement_sheet",
    "proof_lines",
    "round_document",
    "round_tables",
    "why_lines",
]
