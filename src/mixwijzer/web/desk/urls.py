"""Addresses of the pages that compose several features."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.desk.views import assigning, managing, pages

app_name = "desk"
urlpatterns = [
    path("", pages.today, name="today"),
    path("room-check/", pages.room_check, name="room-check"),
    path("where/", pages.where, name="where"),
    path("where/ask/", pages.ask, name="ask"),
    path("requests/", pages.requests, name="requests"),
    path("requests/<uuid:request_id>/close/", pages.close_request, name="close-request"),
    path("complexes/", pages.complexes, name="complexes"),
    path("complexes/whose/", assigning.whose, name="whose"),
    path("complexes/<uuid:complex_id>/", pages.complex_, name="complex"),
    path("public/<uuid:association>/", pages.public, name="public"),
    path("public/<uuid:association>/en/", pages.public_en, name="public-en"),
    path("public/<uuid:association>/norms.json", pages.public_norms, name="public-norms"),
    path("neighbourhoods/", pages.neighbourhoods, name="neighbourhoods"),
    path("management/", managing.management, name="management"),
    path("management/words/", managing.words, name="words"),
    path("management/reasons/", managing.reasons, name="reasons"),
    path("management/norms/", managing.norms, name="norms"),
    path("method/", pages.method, name="method"),
]
