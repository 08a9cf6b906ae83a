"""Addresses of what was promised, and of the agreements behind it."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.agreements import views

app_name = "agreements"
urlpatterns = [
    path("obligations/", views.obligations, name="obligations"),
    path("agreements/", views.agreements, name="list"),
    path("agreements/start/", views.start, name="start"),
    path("agreements/<uuid:agreement>/", views.agreement, name="agreement"),
    path("agreements/<uuid:agreement>/begin/", views.begin, name="begin"),
    path("agreements/<uuid:agreement>/draft/", views.edit, name="edit"),
    path("agreements/<uuid:agreement>/clause/", views.clause, name="clause"),
    path("agreements/<uuid:agreement>/remove/", views.remove, name="remove"),
    path("agreements/<uuid:agreement>/bid/", views.bring_out, name="bring-out"),
    path("agreements/<uuid:agreement>/answer/", views.answer, name="answer"),
    path("agreements/<uuid:agreement>/sign/", views.sign, name="sign"),
    path("agreements/<uuid:agreement>/carry/", views.carry, name="carry"),
    path("agreements/<uuid:agreement>/withdraw/", views.withdraw, name="withdraw"),
]
