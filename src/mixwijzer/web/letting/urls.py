"""Addresses of vacancies."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.letting import views

app_name = "letting"
urlpatterns = [
    path("", views.vacancies, name="vacancies"),
    path("new/", views.notice, name="notice"),
    path("<uuid:vacancy>/", views.vacancy, name="vacancy"),
    path("<uuid:vacancy>/view/", views.answer, name="answer"),
    path("<uuid:vacancy>/advice/", views.open_advice, name="open"),
    path("<uuid:vacancy>/decision/", views.decide, name="decide"),
    path("<uuid:vacancy>/hand-over/", views.hand_over, name="hand-over"),
    path("<uuid:vacancy>/notice/", views.correct_notice, name="correct-notice"),
    path("<uuid:vacancy>/notice/end/", views.withdraw_notice, name="withdraw-notice"),
    path("<uuid:vacancy>/matching/", views.open_matching, name="open-matching"),
    path("<uuid:vacancy>/matching/stop/", views.stop_matching, name="stop-matching"),
    path("<uuid:vacancy>/candidates/", views.candidates, name="candidates"),
    path("<uuid:vacancy>/candidates/reasons/", views.reasons, name="reasons"),
    path("<uuid:vacancy>/proposal/", views.propose, name="propose"),
    path("candidates/", views.people, name="people"),
    path("candidates/new/", views.enter, name="enter"),
    path("candidates/list/", views.listed, name="listed"),
    path("candidates/list/bring-in/", views.bring_in, name="bring-in"),
    path("candidates/list/<uuid:listed>/", views.brought, name="brought"),
    path("candidates/list/<uuid:listed>/back/", views.list_back, name="list-back"),
    path("candidates/<uuid:candidate>/", views.candidate, name="candidate"),
    path("candidates/<uuid:candidate>/again/", views.look_again, name="look-again"),
    path("candidates/<uuid:candidate>/correction/", views.correct, name="correct"),
    path("candidates/<uuid:candidate>/leaving/", views.leave, name="leave"),
    path("candidates/<uuid:candidate>/return/", views.come_back, name="come-back"),
    path("matches/<uuid:match>/", views.match, name="match"),
    path("matches/<uuid:match>/step/", views.step, name="step"),
    path("matches/<uuid:match>/speaker/", views.speaker, name="speaker"),
    path("matches/<uuid:match>/condition/", views.condition, name="condition"),
    path("decisions/<uuid:decision>/withdrawal/", views.withdraw, name="withdraw"),
    path("decisions/<uuid:decision>/anew/", views.anew, name="anew"),
    path("decisions/<uuid:decision>/reading/", views.read, name="read"),
]
