"""The gallery, and the pages that say what went wrong."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from mixwijzer.web.ui.gallery import samples

PAGES = ("components", "entrance", "public")


@login_not_required
@login_not_required
def gallery(request: HttpRequest, page: str = "components") -> HttpResponse:
    """Show every component once; exists only in the demo and while developing."""
    if page not in PAGES or not (settings.DEMO or settings.DEBUG):
        raise Http404
    return render(request, f"ui/gallery/{page}.html", samples())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400: this request cannot be read."""
    return render(request, "ui/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403: this person may not do this."""
    return render(request, "ui/403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403: the page was open too long, or the form came from elsewhere."""
    return render(request, "ui/403.html", {"expired": True}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404: no such page, or not one for this person; both look the same."""
    return render(request, "ui/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without asking the database, which may be the trouble."""
    return render(request, "ui/500.html", status=500)
