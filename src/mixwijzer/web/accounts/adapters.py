"""How do allauth's log-ins work here: no account by itself, no roles from a token, our own look."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone

from mixwijzer.web.accounts import selectors, services
from mixwijzer.web.accounts.models import User
from mixwijzer.web.accounts.refusals import Refused

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin

LINK = "one-time-link"  # where a session keeps the link that somebody came with


class PasswordAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Logging in with a password; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Pass on what is written out; say nothing of what a person sees anyway."""
        if message:
            messages.add_message(request, level, message, extra_tags=extra_tags)


class OrganisationAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Logging in at one's own organisation (OIDC). What it says of somebody's roles is not read."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in who is known by a verified address, or comes with an invitation to it."""
        if not _strong_enough(sociallogin):
            _refuse(request, "weak")
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                _refuse(request, "unknown")
            return
        verified = {
            each.email.strip().lower() for each in sociallogin.email_addresses if each.verified
        }
        if not verified:
            _refuse(request, "unverified")
        person = _known(verified) or _invited(request, verified)
        if person is None:
            _refuse(request, "unknown")
        sociallogin.connect(request, person)

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Say that it did not work, and how to go on; never what went wrong technically."""
        _refuse(request, "failed")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Codes and keys. Secrets are encrypted with a key made from the site's own."""

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """Return the drawing alone, to stand inside a page."""
        drawn: str = super().build_totp_svg(url)
        inside = drawn[drawn.index("<svg") :]
        return inside.replace(" xmlns='http://www.w3.org/2000/svg'", "").replace(
            ' xmlns="http://www.w3.org/2000/svg"', ""
        )


def _fernet() -> Fernet:
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"second factor")
    return Fernet(base64.urlsafe_b64encode(key.digest()))


def _strong_enough(sociallogin: SocialLogin) -> bool:
    """Whether the token says that more than a password was used, where that is asked for."""
    if not settings.OIDC_AMR:
        return True
    token = sociallogin.account.extra_data.get("id_token") or {}
    return not settings.OIDC_AMR.isdisjoint(token.get("amr") or ())


def _known(verified: set[str]) -> User | None:
    found = [user for email in sorted(verified) if (user := selectors.active_person(email))]
    return found[0] if len(found) == 1 else None


def _invited(request: HttpRequest, verified: set[str]) -> User | None:
    """Make the account that an invitation is for; nobody else gets one."""
    now = timezone.now()
    link = selectors.link_behind(request.session.get(LINK, ""))
    if link is None or link.email not in verified or selectors.has_account(link.email):
        return None
    if link.purpose != link.Purpose.INVITE:
        return None
    try:
        person = services.accept(link=link, user=None, password=None, now=now)
    except Refused:
        return None
    del request.session[LINK]
    return person


def _refuse(request: HttpRequest, why: str) -> NoReturn:
    page = render(request, "accounts/not_let_in.html", {"why": why}, status=403)
    raise ImmediateHttpResponse(page)
