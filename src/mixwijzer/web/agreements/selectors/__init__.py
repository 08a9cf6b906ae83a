"""How far are we with what we promised, and what was agreed with whom?"""

from mixwijzer.web.agreements.selectors.board import (
    BoardLine,
    CountedLetting,
    ObligationLine,
    board,
    obligations,
    own_words,
)
from mixwijzer.web.agreements.selectors.documents import (
    AgreementPage,
    BeyondNorms,
    EditPage,
    ListPage,
    agreement_page,
    beyond_norms,
    edit_page,
    list_pages,
    who_agrees,
)
from mixwijzer.web.agreements.selectors.waiting import AgreementWork, agreement_work

__all__ = [
    "AgreementPage",
    "AgreementWork",
    "BeyondNorms",
    "BoardLine",
    "CountedLetting",
    "EditPage",
    "ListPage",
    "ObligationLine",
    "agreement_page",
    "agreement_work",
    "beyond_norms",
    "board",
    "edit_page",
    "list_pages",
    "obligations",
    "own_words",
    "who_agrees",
]
