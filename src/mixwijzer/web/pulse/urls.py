"""Addresses of the round of judgements."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.pulse import views

app_name = "pulse"
urlpatterns = [
    path("", views.judgements, name="judgements"),
    path("examples/", views.examples, name="examples"),
    path("rounds/new/", views.plan, name="plan"),
    path("rounds/<uuid:round_id>/", views.round_, name="round"),
    path("rounds/<uuid:round_id>/start/", views.start, name="start"),
    path("rounds/<uuid:round_id>/close/", views.close, name="close"),
    path("rounds/<uuid:round_id>/plan.csv", views.plan_csv, name="plan-csv"),
    path("rounds/<uuid:round_id>/plan.xlsx", views.plan_xlsx, name="plan-xlsx"),
    path("rounds/<uuid:round_id>/sheets/", views.sheets, name="sheets"),
    path("places/<uuid:place>/judges/", views.assign, name="assign"),
    path("tasks/<uuid:task>/", views.task, name="task"),
    path("tasks/<uuid:task>/view/", views.give, name="give"),
    path("tasks/<uuid:task>/pass-on/", views.pass_on, name="pass-on"),
    path("tasks/<uuid:task>/adjust/", views.adjust, name="adjust"),
    path("tasks/<uuid:task>/leave/", views.leave, name="leave"),
]
