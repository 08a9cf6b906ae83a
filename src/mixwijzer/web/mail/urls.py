"""Addresses of the mail."""

from __future__ import annotations

from django.urls import path

from mixwijzer.web.mail import views

app_name = "mail"
urlpatterns = [path("", views.mine, name="mine")]
