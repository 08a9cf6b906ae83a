"""Addresses of the week round."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.rounds import views

app_name = "rounds"
urlpatterns = [
    path("week/", views.week, name="week"),
    path("week/new/", views.make, name="make"),
    path("<uuid:week_round>/table/", views.meeting, name="meeting"),
    path("<uuid:week_round>/minutes/", views.minutes, name="minutes"),
    path("<uuid:week_round>/computation/", views.compute, name="compute"),
    path("<uuid:week_round>/release/", views.release, name="release"),
    path("<uuid:week_round>/adoption/", views.adopt, name="adopt"),
    path("<uuid:week_round>/publication/", views.publish, name="publish"),
    path("<uuid:week_round>/drop/", views.drop, name="drop"),
    path("homes/<uuid:item>/answer/", views.answer, name="answer"),
    path("homes/<uuid:item>/undo/", views.undo, name="undo"),
    path("homes/<uuid:item>/text/", views.advert, name="advert"),
]
