"""Addresses of coming in, of people and of rights."""

from __future__ import annotations

from django.contrib.auth import views as auth_views
from django.urls import path

from mixwijzer.web.accounts.views import entrance, people, rights

app_name = "accounts"
urlpatterns = [
    path("log-out/", auth_views.LogoutView.as_view(), name="log-out"),
    path("demo/", entrance.demo, name="demo"),
    path("link/", entrance.link, name="link"),
    path("me/end/", entrance.end_mine, name="end-mine"),
    path("me/key/end/", entrance.remove_key, name="remove-key"),
    path("rights/", rights.rights, name="rights"),
    path("people/", people.people, name="people"),
    path("people/invitation/", people.invite, name="invite"),
    path("people/organisation/", people.add_organisation, name="add-organisation"),
    path("people/<uuid:person>/", people.person, name="person"),
    path("people/<uuid:person>/role/", people.give_role, name="give-role"),
    path("people/<uuid:person>/password/", people.reset, name="reset"),
    path("people/<uuid:person>/log-ins/", people.end_log_ins, name="end-log-ins"),
    path("people/roles/<uuid:membership>/end/", people.end_role, name="end-role"),
    path("people/roles/<uuid:membership>/confirmation/", people.confirm_role, name="confirm-role"),
    path("people/links/<uuid:link>/end/", people.revoke, name="revoke"),
]
