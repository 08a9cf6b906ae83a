"""Every address of the site."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from mixwijzer.web.config.security_txt import security_txt

urlpatterns = [
    path(".well-known/security.txt", security_txt, name="security-txt"),
    path("", include("mixwijzer.web.desk.urls")),
    path("vacancies/", include("mixwijzer.web.letting.urls")),
    path("rounds/", include("mixwijzer.web.rounds.urls")),
    path("profiles/", include("mixwijzer.web.profiles.urls")),
    path("judgements/", include("mixwijzer.web.pulse.urls")),
    path("data/", include("mixwijzer.web.register.urls")),
    path("outlook/", include("mixwijzer.web.outlook.urls")),
    path("", include("mixwijzer.web.agreements.urls")),
    path("yearbook/", include("mixwijzer.web.yearbook.urls")),
    path("ui/", include("mixwijzer.web.ui.urls")),
    path("accounts/", include("mixwijzer.web.accounts.urls")),
    path("accounts/", include("mixwijzer.web.accounts.allauth_urls")),
    path("mail/", include("mixwijzer.web.mail.urls")),
    path("log/", include("mixwijzer.web.audit.urls")),
    path("language/", login_not_required(set_language), name="set-language"),
]

handler400 = "mixwijzer.web.ui.views.bad_request"
handler403 = "mixwijzer.web.ui.views.forbidden"
handler404 = "mixwijzer.web.ui.views.not_found"
handler500 = "mixwijzer.web.config.views.server_error"
