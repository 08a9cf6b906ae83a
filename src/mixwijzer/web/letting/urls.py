"""Addresses of vacancies."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.letting import views

app_name = "letting"
urlpatterns = [
    path("", views.vacancies, name="vacancies"),
    path("<uuid:vacancy>/", views.vacancy, name="vacancy"),
    path("<uuid:vacancy>/view/", views.answer, name="answer"),
    path("<uuid:vacancy>/advice/", views.open_advice, name="open"),
    path("<uuid:vacancy>/decision/", views.decide, name="decide"),
    path("<uuid:vacancy>/hand-over/", views.hand_over, name="hand-over"),
    path("decisions/<uuid:decision>/withdrawal/", views.withdraw, name="withdraw"),
]
