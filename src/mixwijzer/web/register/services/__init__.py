"""Write what is so: bring in a portfolio, record a judgement, and keep the accounts up to date.

Whatever changes an account changes its stored state in the same transaction.
"""

from mixwijzer.web.register.services.accounts import Mismatch, rebuild_accounts, verify_accounts
from mixwijzer.web.register.services.drawing import Outline, record_shapes, renumber
from mixwijzer.web.register.services.ledgers import Loaded, close, store
from mixwijzer.web.register.services.loading import load
from mixwijzer.web.register.services.recording import record_judgements, undertake_all

__all__ = [
    "Loaded",
    "Mismatch",
    "Outline",
    "close",
    "load",
    "rebuild_accounts",
    "record_judgements",
    "record_shapes",
    "renumber",
    "store",
    "undertake_all",
    "verify_accounts",
]
