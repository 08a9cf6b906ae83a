"""Addresses of the pages that compose several features."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.desk import managing, views

app_name = "desk"
urlpatterns = [
    path("", views.today, name="today"),
    path("room-check/", views.room_check, name="room-check"),
    path("where/", views.where, name="where"),
    path("where/ask/", views.ask, name="ask"),
    path("requests/", views.requests, name="requests"),
    path("requests/<uuid:request_id>/close/", views.close_request, name="close-request"),
    path("complexes/", views.complexes, name="complexes"),
    path("complexes/<uuid:complex_id>/", views.complex_, name="complex"),
    path("public/<uuid:association>/", views.public, name="public"),
    path("public/<uuid:association>/en/", views.public_en, name="public-en"),
    path("public/<uuid:association>/norms.json", views.public_norms, name="public-norms"),
    path("neighbourhoods/", views.neighbourhoods, name="neighbourhoods"),
    path("management/", managing.management, name="management"),
    path("management/words/", managing.words, name="words"),
    path("management/reasons/", managing.reasons, name="reasons"),
    path("management/norms/", managing.norms, name="norms"),
    path("method/", views.method, name="method"),
]
