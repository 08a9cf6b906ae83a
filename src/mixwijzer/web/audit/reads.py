"""Notes who looked at an advice, a complex or a person: once per person, thing and day."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from mixwijzer.web.accounts.models import User
from mixwijzer.web.audit.services import note_reading


def note_reads(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Note a page that was shown; a page that cannot be noted is not shown."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        match = request.resolver_match
        if match is None or request.method != "GET" or response.status_code != 200:
            return response
        model = settings.NOTED_READS.get(match.view_name)
        if model and isinstance(request.user, User):
            (subject,) = match.kwargs.values()
            note_reading(
                user=request.user,
                what=match.view_name,
                model=model,
                subject=subject,
                now=timezone.now(),
            )
        return response

    return middleware
