"""Addresses of logging in and out."""

from __future__ import annotations

from django.contrib.auth import views as auth_views
from django.urls import path

from mixwijzer.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path(
        "log-in/",
        auth_views.LoginView.as_view(
            template_name="accounts/log_in.html", redirect_authenticated_user=True
        ),
        name="log-in",
    ),
    path("log-out/", auth_views.LogoutView.as_view(), name="log-out"),
    path("demo/", views.demo, name="demo"),
]
