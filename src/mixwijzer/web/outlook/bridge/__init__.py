"""From rows to a look ahead: `looking` per complex, `comparing` ways, `weighing` promises."""

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
from mixwijzer.web.outlook.bridge.weighing import weighed, weighed_of

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
    "weighed",
    "weighed_of",
]
