"""What a reader sees of promises and agreements, as the kit's components."""

from mixwijzer.web.agreements.screens.board import BoardScreen, PromiseCard, board_screen
from mixwijzer.web.agreements.screens.documents import (
    AgreementScreen,
    agreement_screen,
    list_screens,
)
from mixwijzer.web.agreements.screens.waiting import agreement_tasks

__all__ = [
    "AgreementScreen",
    "BoardScreen",
    "PromiseCard",
    "agreement_screen",
    "agreement_tasks",
    "board_screen",
    "list_screens",
]
