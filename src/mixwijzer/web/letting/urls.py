"""Addresses of vacancies."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.letting import match_views, views

app_name = "letting"
urlpatterns = [
    path("", views.vacancies, name="vacancies"),
    path("<uuid:vacancy>/", views.vacancy, name="vacancy"),
    path("<uuid:vacancy>/view/", views.answer, name="answer"),
    path("<uuid:vacancy>/advice/", views.open_advice, name="open"),
    path("<uuid:vacancy>/decision/", views.decide, name="decide"),
    path("<uuid:vacancy>/hand-over/", views.hand_over, name="hand-over"),
    path("<uuid:vacancy>/matching/", match_views.open_matching, name="open-matching"),
    path("<uuid:vacancy>/matching/stop/", match_views.stop_matching, name="stop-matching"),
    path("<uuid:vacancy>/candidates/", match_views.candidates, name="candidates"),
    path("<uuid:vacancy>/candidates/reasons/", match_views.reasons, name="reasons"),
    path("<uuid:vacancy>/proposal/", match_views.propose, name="propose"),
    path("candidates/", match_views.people, name="people"),
    path("candidates/new/", match_views.enter, name="enter"),
    path("candidates/<uuid:candidate>/", match_views.candidate, name="candidate"),
    path("candidates/<uuid:candidate>/again/", match_views.look_again, name="look-again"),
    path("matches/<uuid:match>/", match_views.match, name="match"),
    path("matches/<uuid:match>/step/", match_views.step, name="step"),
    path("matches/<uuid:match>/condition/", match_views.condition, name="condition"),
    path("decisions/<uuid:decision>/withdrawal/", views.withdraw, name="withdraw"),
]
