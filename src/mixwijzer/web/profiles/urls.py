"""Addresses of profiles."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.profiles import views

app_name = "profiles"
urlpatterns = [
    path("", views.profiles, name="list"),
    path("place/", views.place, name="place"),
    path("try/", views.try_out, name="try"),
    path("start/", views.start, name="start"),
    path("complexes/<uuid:complex_id>/", views.of_complex, name="complex"),
    path("documents/<uuid:document>/", views.document, name="document"),
    path("<uuid:version>/", views.version, name="version"),
    path("<uuid:version>/draft/", views.edit, name="edit"),
    path("<uuid:version>/keep/", views.save, name="save"),
    path("<uuid:version>/consequences/", views.consequences, name="consequences"),
    path("<uuid:version>/attach/", views.attach, name="attach"),
    path("<uuid:version>/submit/", views.submit, name="submit"),
    path("<uuid:version>/review/", views.review, name="review"),
    path("<uuid:version>/ask/", views.ask, name="ask"),
    path("<uuid:version>/advice/", views.advise, name="advise"),
    path("<uuid:version>/no-advice/", views.pass_term, name="pass"),
    path("<uuid:version>/reply/", views.reply, name="reply"),
    path("<uuid:version>/revise/", views.revise, name="revise"),
    path("<uuid:version>/adopt/", views.adopt, name="adopt"),
    path("<uuid:version>/withdraw/", views.withdraw, name="withdraw"),
]
