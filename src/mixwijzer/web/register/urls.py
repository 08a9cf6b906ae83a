"""Addresses of bringing data in."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.register import places, views

app_name = "register"
urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/upload/", views.upload, name="upload"),
    path("imports/<uuid:batch>/", views.import_, name="import"),
    path("imports/<uuid:batch>/confirm/", views.confirm, name="confirm"),
    path("imports/<uuid:batch>/resume/", views.resume, name="resume"),
    path("imports/<uuid:batch>/drop/", views.drop, name="drop"),
    path("imports/<uuid:batch>/undo/", views.undo, name="undo"),
    path("stairwells/", places.stairwells, name="stairwells"),
    path("stairwells/<uuid:complex_id>/", places.stairwell, name="stairwell"),
    path("stairwells/<uuid:complex_id>/draw/", places.draw, name="draw"),
    path("numbers/", places.numbers, name="numbers"),
    path("numbers/add/", places.renumber, name="renumber"),
]
