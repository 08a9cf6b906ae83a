"""Write what is so: bring in a portfolio, record a judgement, and keep the accounts up to date.

Whatever changes an account changes its stored state in the same transaction.
"""

from mixwijzer.web.register.services.accounts import (
    Mismatch,
    rebuild_accounts,
    renew_accounts,
    verify_accounts,
)
from mixwijzer.web.register.services.applying import write_import
from mixwijzer.web.register.services.drawing import (
    Outline,
    draw_stairwells,
    record_shapes,
    renumber,
)
from mixwijzer.web.register.services.importing import (
    ImportNotNow,
    confirm,
    drop,
    one_import,
    receive,
    sweep,
)
from mixwijzer.web.register.services.ledgers import Loaded, close, store
from mixwijzer.web.register.services.loading import load
from mixwijzer.web.register.services.mapping import (
    SUFFIXES,
    MappingRefused,
    keep_mapping,
    mapping_as_before,
    remove_mapping,
)
from mixwijzer.web.register.services.reading import read_import
from mixwijzer.web.register.services.recording import record_judgements, undertake_all
from mixwijzer.web.register.services.setting_aside import account_anew
from mixwijzer.web.register.services.unattended import SAID, bring_in, take_from
from mixwijzer.web.register.services.undoing import BuiltOn, built_on, undo

__all__ = [
    "SAID",
    "SUFFIXES",
    "BuiltOn",
    "ImportNotNow",
    "Loaded",
    "MappingRefused",
    "Mismatch",
    "Outline",
    "account_anew",
    "bring_in",
    "built_on",
    "close",
    "confirm",
    "draw_stairwells",
    "drop",
    "keep_mapping",
    "load",
    "mapping_as_before",
    "one_import",
    "read_import",
    "rebuild_accounts",
    "receive",
    "record_judgements",
    "record_shapes",
    "remove_mapping",
    "renew_accounts",
    "renumber",
    "store",
    "sweep",
    "take_from",
    "undertake_all",
    "undo",
    "verify_accounts",
    "write_import",
]
