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
    EditPage,
    ListPage,
    agreement_page,
    edit_page,
    list_pages,
    who_agrees,
)

__all__ = [
    "AgreementPage",
    "BoardLine",
    "CountedLetting",
    "EditPage",
    "ListPage",
    "ObligationLine",
    "agreement_page",
    "board",
    "edit_page",
    "list_pages",
    "obligations",
    "own_words",
    "who_agrees",
]
