"""The page of what was promised: a card for each promise, with the lettings behind its figures."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.agreements import selectors
from mixwijzer.web.agreements.screens import board_screen

__all__ = ["obligations"]


@require_GET
def obligations(request: HttpRequest) -> HttpResponse:
    """Show where the reader's promises stand and whether they will be met."""
    lines = selectors.board(somebody(request.user), day=timezone.localdate())
    return render(request, "agreements/obligations.html", {"screen": board_screen(lines)})
