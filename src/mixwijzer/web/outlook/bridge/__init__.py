"""From rows to a look ahead: `looking` per complex, `comparing` ways of letting for all of them."""

from mixwijzer.web.outlook.bridge.comparing import (
    BLOCK,
    REGIMES,
    WORKBOOK,
    Asked,
    Outcome,
    Ready,
    now_by,
    ready,
    seconds,
    stock,
    stock_file,
    stock_mark,
    trouble_of,
    trouble_text,
)
from mixwijzer.web.outlook.bridge.looking import SCHEME, Look, dump, endings, load, look, made_of

__all__ = [
    "BLOCK",
    "REGIMES",
    "SCHEME",
    "WORKBOOK",
    "Asked",
    "Look",
    "Outcome",
    "Ready",
    "dump",
    "endings",
    "load",
    "look",
    "made_of",
    "now_by",
    "ready",
    "seconds",
    "stock",
    "stock_file",
    "stock_mark",
    "trouble_of",
    "trouble_text",
]
