"""The sheet of a quarter, for the talk about what was promised."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from mixwijzer.exchange.papers import makes_pdf, pdf, word
from mixwijzer.web.accounts.permissions import somebody
from mixwijzer.web.yearbook import selectors
from mixwijzer.web.yearbook.screens import QuarterScreen, quarter_paper, quarter_screen
from mixwijzer.web.yearbook.selectors import Quarter

if TYPE_CHECKING:
    from mixwijzer.exchange.catalogue import Language
    from mixwijzer.exchange.papers import Paper

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_GET
def quarter(request: HttpRequest) -> HttpResponse:
    """Show a quarter that has begun, as `?of=2026-3`; without, the one that today lies in."""
    return render(request, "yearbook/quarter.html", {"screen": _screen(request)})


@require_GET
def word_file(request: HttpRequest) -> HttpResponse:
    """Give the same sheet as a Word document."""
    return _file(request, word, WORD, "docx")


@require_GET
def pdf_file(request: HttpRequest) -> HttpResponse:
    """Give the same sheet as PDF; where this installation can't make one, the sheet says so."""
    if not makes_pdf():
        raise Http404
    return _file(request, pdf, "application/pdf", "pdf")


def _file(
    request: HttpRequest, write: Callable[[Paper, Language], bytes], kind: str, ending: str
) -> HttpResponse:
    made = write(quarter_paper(_screen(request)), cast("Language", get_language() or "nl"))
    answer = HttpResponse(made, content_type=kind)
    name = f"kwartaalblad-{_asked(request)}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _screen(request: HttpRequest) -> QuarterScreen:
    today = timezone.localdate()
    page = selectors.quarter(somebody(request.user), _asked(request), today=today)
    return quarter_screen(page, today)


def _asked(request: HttpRequest) -> Quarter:
    today = timezone.localdate()
    asked = Quarter.named(request.GET["of"]) if "of" in request.GET else Quarter.of(today)
    if asked is None or asked.start > today:
        raise Http404
    return asked
