"""Addresses of bringing data in."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.register.views import imports, mapping, places

app_name = "register"
urlpatterns = [
    path("imports/", imports.imports, name="imports"),
    path("imports/upload/", imports.upload, name="upload"),
    path("imports/mappings/", mapping.mappings, name="mappings"),
    path("imports/mappings/keep/", mapping.keep, name="keep-mapping"),
    path("imports/mappings/remove/", mapping.remove, name="remove-mapping"),
    path("imports/<uuid:batch>/", imports.import_, name="import"),
    path("imports/<uuid:batch>/confirm/", imports.confirm, name="confirm"),
    path("imports/<uuid:batch>/resume/", imports.resume, name="resume"),
    path("imports/<uuid:batch>/drop/", imports.drop, name="drop"),
    path("imports/<uuid:batch>/undo/", imports.undo, name="undo"),
    path("stairwells/", places.stairwells, name="stairwells"),
    path("stairwells/<uuid:complex_id>/", places.stairwell, name="stairwell"),
    path("stairwells/<uuid:complex_id>/draw/", places.draw, name="draw"),
    path("numbers/", places.numbers, name="numbers"),
    path("numbers/add/", places.renumber, name="renumber"),
]
