"""Addresses of the week round."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.rounds.views import week

app_name = "rounds"
urlpatterns = [
    path("week/", week.week, name="week"),
    path("week/new/", week.make, name="make"),
    path("<uuid:week_round>/table/", week.meeting, name="meeting"),
    path("<uuid:week_round>/minutes/", week.minutes, name="minutes"),
    path("<uuid:week_round>/computation/", week.compute, name="compute"),
    path("<uuid:week_round>/release/", week.release, name="release"),
    path("<uuid:week_round>/adoption/", week.adopt, name="adopt"),
    path("<uuid:week_round>/publication/", week.publish, name="publish"),
    path("<uuid:week_round>/drop/", week.drop, name="drop"),
    path("homes/<uuid:item>/answer/", week.answer, name="answer"),
    path("homes/<uuid:item>/undo/", week.undo, name="undo"),
    path("homes/<uuid:item>/text/", week.advert, name="advert"),
]
