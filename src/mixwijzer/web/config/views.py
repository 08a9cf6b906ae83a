"""What is shown when it goes wrong with us; everything else that is shown belongs to a feature."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from mixwijzer.web.register.bridge import norm_trouble
from mixwijzer.web.register.screens import language
from mixwijzer.web.ui import views as ui

AGAIN = 30  # [s] after which it is worth trying again


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 when the database doesn't answer, is locked or has no room; else 500.

    A norm that has no value any more is 503 too: the page says which, since when and how to
    go on. What doesn't need it goes on.
    """
    error = sys.exc_info()[1]
    if trouble := norm_trouble(error, language()):
        return render(request, "ui/without_norm.html", {"trouble": trouble}, status=503)
    if not isinstance(error, OperationalError | InterfaceError):
        return ui.server_error(request)
    page = render_to_string("ui/503.html")  # without what asks who is looking
    return HttpResponse(page, status=503, headers={"Retry-After": str(AGAIN)})
