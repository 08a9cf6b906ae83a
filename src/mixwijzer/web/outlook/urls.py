"""Addresses of the outlook."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.outlook import views

app_name = "outlook"
urlpatterns = [
    path("", views.forecast, name="forecast"),
    path("steering/", views.steering, name="steering"),
    path("feasibility/", views.feasibility, name="feasibility"),
    path("feasibility/shares/", views.shares, name="shares"),
    path("feasibility/shares/lay/", views.lay, name="lay"),
    path("complexes/<uuid:complex_id>/", views.complex_, name="complex"),
    path("compare/", views.scenarios, name="scenarios"),
    path("compare/new/", views.plan, name="plan"),
    path("compare/make/", views.make, name="make"),
    path("compare/<uuid:scenario>/", views.scenario, name="scenario"),
    path("compare/<uuid:scenario>/cancel/", views.cancel, name="cancel"),
    path("compare/<uuid:scenario>/resume/", views.resume, name="resume"),
    path("compare/<uuid:scenario>/archive/", views.archive, name="archive"),
    path("compare/<uuid:scenario>/figures/", views.figures, name="figures"),
    path("compare/<uuid:scenario>/portfolio/", views.stock, name="stock"),
]
