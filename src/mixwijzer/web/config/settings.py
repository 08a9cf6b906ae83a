"""All settings, in one file; what differs per machine comes from the environment (see `env`).

| variable | meaning | without it |
|---|---|---|
| `MIXWIJZER_HOSTS` | host names of this site, comma-separated | this machine only, over HTTP |
| `DATABASE_URL` | `postgresql://…` or `sqlite:///path` | an SQLite file in `MIXWIJZER_HOME` |
| `MIXWIJZER_HOME` | folder for the database and the key | `~/.local/share/mixwijzer` |
| `MIXWIJZER_CONFIG` | set-up file; its part `machine` fills in what is not set | no file |
| `MIXWIJZER_SECRET_KEY` | signing key, 50 characters or more | a file in `MIXWIJZER_HOME` |
| `MIXWIJZER_TRUST_PROXY` | 1: believe the proxy's `X-Forwarded-Proto` | 0 |
| `MIXWIJZER_SECURITY_CONTACT` | `mailto:` or `https:` for who found a leak | no `security.txt` |
| `MIXWIJZER_OIDC_ISSUER` | address of the organisation's log-in (OIDC) | passwords only |
| `MIXWIJZER_OIDC_CLIENT_ID` | how this site is known there | must be given with an issuer |
| `MIXWIJZER_OIDC_CLIENT_SECRET` | its secret there | must be given with an issuer |
| `MIXWIJZER_OIDC_NAME` | what the log-in button calls it | your organisation |
| `MIXWIJZER_OIDC_AMR` | proofs of which a token names one, as `mfa,hwk` | the provider decides |
| `MIXWIJZER_NORMS` | folder with norms of your own, laid over ours | the norms that ship |
| `MIXWIJZER_ADDRESS` | `https://` and the name of this site, for links | must be given with mail |
| `MIXWIJZER_MAIL_SERVER` | `smtp+starttls://`, `smtps://` or `smtp://host` | no mail is sent |
| `MIXWIJZER_MAIL_FROM` | address that mail comes from | must be given with mail |
| `MIXWIJZER_MAIL_USER` | user at the mail server | no log-in there |
| `MIXWIJZER_MAIL_PASSWORD` | its password there | empty |
| `MIXWIJZER_DEMO` | 1: made-up data, log in with one click; this machine only | 0 |
| `MIXWIJZER_DEBUG` | 1: tracebacks in the browser; this machine only | 0 |

A site with a real host name is HTTPS only; a site without one cannot be reached from outside.
"""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from mixwijzer import __version__
from mixwijzer.web.config import env, logs

WEB = Path(__file__).resolve().parents[1]
env.adopt()
HOME = env.home()

# Where it runs
DEBUG = env.flag("MIXWIJZER_DEBUG")
DEMO = env.flag("MIXWIJZER_DEMO")
ALLOWED_HOSTS = env.words("MIXWIJZER_HOSTS") or list(env.LOOPBACK)
SECURE = not env.is_loopback(ALLOWED_HOSTS)
SECRET_KEY = env.secret_key(HOME)
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS] if SECURE else []

# What it is made of
INSTALLED_APPS = [
    "mixwijzer.web.config",
    "mixwijzer.web.ui",
    "mixwijzer.web.accounts",
    "mixwijzer.web.audit",
    "mixwijzer.web.mail",
    "mixwijzer.web.register",
    "mixwijzer.web.profiles",
    "mixwijzer.web.agreements",
    "mixwijzer.web.pulse",
    "mixwijzer.web.letting",
    "mixwijzer.web.rounds",
    "mixwijzer.web.outlook",
    "mixwijzer.web.yearbook",
    "mixwijzer.web.desk",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "mixwijzer.web.config.logs.observed",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "mixwijzer.web.config.health.answered",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mixwijzer.web.config.middleware.keep_out_of_caches",
    "mixwijzer.web.config.middleware.use_no_senses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mixwijzer.web.accounts.sessions.end_in_time",
    "mixwijzer.web.accounts.isolation.per_request",
    "allauth.account.middleware.AccountMiddleware",
    "mixwijzer.web.accounts.second_factor.second_factor_first",
    "mixwijzer.web.audit.reads.note_reads",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mixwijzer.web.config.middleware.speak_own_words",
]
ROOT_URLCONF = "mixwijzer.web.config.urls"
WSGI_APPLICATION = "mixwijzer.web.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mixwijzer.web.ui.shell.shell",
            ],
            "builtins": ["mixwijzer.web.ui.templatetags.ui"],
        },
    },
]
UI_MENU = "mixwijzer.web.config.menu.MENU"
UI_SITUATION = "mixwijzer.web.config.situation.situation"
REGISTER_FOLLOWER = "mixwijzer.web.letting.services.following"
# What a forecast of a profile leaves out for somebody, and what was promised: known higher up.
PROFILES_HIDDEN = "mixwijzer.web.letting.selectors.hidden_complexes"
PROFILES_OWED = "mixwijzer.web.agreements.selectors.obligations"

# What it says to who watches over it
LOGGING = logs.configuration(quiet=DEMO, messages=DEBUG)

# Data
DATABASES = {"default": env.database(HOME)}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by every process of the server: the limits on wrong passwords are kept here
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
    }
}

# Words and time
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [WEB / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

# Files for the browser: served by the application itself; the version in the path ends old copies
STATIC_URL = f"/static/{__version__}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600

# Who gets in
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:demo" if DEMO else "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
SESSION_IDLE_SECONDS = 30 * 60
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
SECOND_FACTOR = not DEMO
ACCOUNT_ADAPTER = "mixwijzer.web.accounts.adapters.PasswordAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is verified by who invites
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = True  # for as long as a session lasts anyway
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("MIXWIJZER_TRUST_PROXY") else 0
_FORMS = "mixwijzer.web.accounts.allauth_forms"
ACCOUNT_FORMS = {"login": f"{_FORMS}.LogInForm", "reauthenticate": f"{_FORMS}.PasswordAgainForm"}
MFA_FORMS = {
    "authenticate": f"{_FORMS}.CodeForm",
    "reauthenticate": f"{_FORMS}.AgainForm",
    "activate_totp": f"{_FORMS}.FirstCodeForm",
    "add_webauthn": f"{_FORMS}.NewPasskeyForm",
    "authenticate_webauthn": f"{_FORMS}.PasskeyForm",
    "reauthenticate_webauthn": f"{_FORMS}.PasskeyAgainForm",
}
MFA_ADAPTER = "mixwijzer.web.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Mixwijzer"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
SOCIALACCOUNT_ADAPTER = "mixwijzer.web.accounts.adapters.OrganisationAdapter"
SOCIALACCOUNT_PROVIDERS = env.oidc()
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may not lead to another site (form-action 'self')
SOCIALACCOUNT_AUTO_SIGNUP = False
SECURITY_CONTACT = env.contact()
OIDC_NAME = env.oidc_name()
OIDC_AMR = frozenset(env.words("MIXWIJZER_OIDC_AMR"))
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Norms of its own, laid over those that ship
NORMS = env.own_norms()

# What it sends: only that a step waits, with a link to this address
ADDRESS = env.address()
_MAIL = env.mail_server()
MAIL = bool(_MAIL)
EMAIL_HOST = _MAIL.get("EMAIL_HOST", "")
EMAIL_PORT = _MAIL.get("EMAIL_PORT", 25)
EMAIL_USE_TLS = _MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_HOST_USER = _MAIL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _MAIL.get("EMAIL_HOST_PASSWORD", "")
DEFAULT_FROM_EMAIL = _MAIL.get("DEFAULT_FROM_EMAIL", "")
EMAIL_TIMEOUT = 20

# Looking at these pages is noted: address, and the model that its one argument names
NOTED_READS = {
    "letting:vacancy": "letting.Vacancy",
    "desk:complex": "register.Complex",
    "outlook:figures": "outlook.Scenario",
    "outlook:stock": "outlook.Scenario",
}

# What the browser may do
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# HTTPS, everywhere but on this machine itself
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^health/(live|ready)$"]  # asked on the machine itself
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
if env.flag("MIXWIJZER_TRUST_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Cookies: `__Host-` ties one to this host over HTTPS, so a browser takes it only if it is secure
_COOKIE = "__Host-mixwijzer" if SECURE else "mixwijzer"
SESSION_COOKIE_NAME = f"{_COOKIE}-session"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 10 * 60 * 60
CSRF_COOKIE_NAME = f"{_COOKIE}-csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "mixwijzer.web.ui.views.csrf_failure"
LANGUAGE_COOKIE_NAME = f"{_COOKIE}-language"
LANGUAGE_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
