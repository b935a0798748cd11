"""Settings of a deployment. Everything that differs between places comes from the environment.

LINLI_DATABASE   a database URL; default: SQLite in LINLI_VAR
LINLI_VAR        folder of everything that is written: database, keys, photos, logs (default ./var)
LINLI_HOSTS      host names, separated by commas
LINLI_DEBUG      1 while developing
LINLI_DEMO       1 for a demonstration: sample accounts, codes on the command line
LINLI_TIME_ZONE  default Asia/Shanghai
LINLI_PROXIES    how many proxies of ours stand in front (default 0)
LINLI_OIDC_*     an organisation's own sign-in service; see docs/operate.md
"""

import os
from pathlib import Path

import dj_database_url
import django.conf.locale
from django.utils.translation import gettext_lazy as _

from linli.kernel.keyfiles import read_or_make

VAR = Path(os.environ.get("LINLI_VAR", "var")).resolve()
VAR.mkdir(parents=True, exist_ok=True)
if not os.access(Path(__file__).parents[1], os.W_OK):  # installed for everybody: nothing is
    os.environ.setdefault("NUMBA_CACHE_DIR", str(VAR / "compiled"))  # written beside the code
KEYS = VAR / "keys"
DEBUG = os.environ.get("LINLI_DEBUG") == "1"
DEMO = os.environ.get("LINLI_DEMO") == "1"
SECRET_KEY = read_or_make(KEYS / "django", 48).hex()
HOSTS = [h for h in os.environ.get("LINLI_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]
ALLOWED_HOSTS = HOSTS
HTTPS = os.environ.get("LINLI_HTTPS") == "1"

ROOMS = [
    "linli.kernel",
    "linli.design",
    "linli.messages",
    "linli.areas",
    "linli.organisations",
    "linli.cases",
    "linli.territory",
    "linli.opendata",
    "linli.web",
]
INSTALLED_APPS = [
    *ROOMS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "linli.web.middleware.ContentSecurityPolicy",
    "linli.web.middleware.Private",
    "linli.web.middleware.Compression",
    "django.middleware.security.SecurityMiddleware",
    "linli.web.statics.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "linli.web.signin.middleware.SecondFactorFirst",
    "linli.web.middleware.Errors",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "linli.web.urls"
WSGI_APPLICATION = "linli.web.wsgi.application"
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
                "linli.web.context.site",
            ],
        },
    }
]

FORM_RENDERER = "linli.design.forms.Controls"

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("LINLI_DATABASE", f"sqlite:///{VAR / 'linli.sqlite3'}")
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Writers take the in-process lock first (linli.kernel.actions); IMMEDIATE makes a writer that
    # did not wait at BEGIN instead of failing in the middle of its transaction.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
            "PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "kernel.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600  # how long a link that sets a password works
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Sign-in, by django-allauth: only the pages that linli.web.signin.urls names exist.
ACCOUNT_ADAPTER = "linli.web.signin.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_FORMS = {
    "login": "linli.web.signin.forms.SignIn",
    "reauthenticate": "linli.web.signin.forms.ConfirmPassword",
}
# Whole offices share one address, so these only stop floods; linli.kernel.lockout stops guessing.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "120/m/ip,20/5m/key",
    "reauthenticate": "20/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("LINLI_PROXIES", "0"))
MFA_ADAPTER = "linli.web.signin.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Linli"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "linli.web.signin.forms.Code",
    "reauthenticate": "linli.web.signin.forms.ConfirmCode",
    "activate_totp": "linli.web.signin.forms.FirstCode",
    "add_webauthn": "linli.web.signin.forms.AddPasskey",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # http://localhost counts as secure for a browser

# An organisation's own sign-in service, by OpenID Connect: only where it is configured.
OIDC_ISSUER = os.environ.get("LINLI_OIDC_ISSUER", "")
OIDC_NAME = os.environ.get("LINLI_OIDC_NAME", "OpenID Connect")
OIDC_NAME_CLAIM = os.environ.get("LINLI_OIDC_CLAIM", "preferred_username")
OIDC_SECOND_FACTOR = os.environ.get("LINLI_OIDC_SECOND_FACTOR") == "1"
SOCIALACCOUNT_ADAPTER = "linli.web.signin.adapters.OrganisationSignIn"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_QUERY_EMAIL = False
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: our policy lets no form leave this site
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "SCOPE": ["openid", "profile"],
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "organisation",
                "name": OIDC_NAME,
                "client_id": os.environ.get("LINLI_OIDC_CLIENT", ""),
                "secret": os.environ.get("LINLI_OIDC_SECRET", ""),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}
SESSION_ENGINE = "linli.kernel.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# A text of a megabyte is refused by the form, which gives it back, and not by the door, which would
# lose it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
FILE_UPLOAD_HANDLERS = ["linli.cases.forms.uploads.PhotoUploads"]
FILE_UPLOAD_TEMP_DIR = None

# Django does not know Tibetan; the field's name for it is its own.
django.conf.locale.LANG_INFO["bo"] = {
    "bidi": False,
    "code": "bo",
    "name": "Tibetan",
    "name_local": "བོད་ཡིག",
}
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("bo", _("Tibetan")), ("en", _("English"))]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
FORMAT_MODULE_PATH = "linli.design.formats"
USE_TZ = True
TIME_ZONE = os.environ.get("LINLI_TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "/static/"
# Files are served from where they lie in the rooms, under names that say what is in them.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 600
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "files"},
    },
    "staticfiles": {"BACKEND": "linli.web.statics.NamedByContent"},
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # Limits of sign-in live here: a flood must not push them out.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"kinds": {"()": "linli.web.logs.Kinds"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "kinds"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    # Addresses that do not exist are asked for all day: only errors of ours are worth a line.
    "loggers": {"django": {"handlers": [], "level": "ERROR", "propagate": True}},
}

# A place's own facts.
EMERGENCY_NUMBERS = [n for n in os.environ.get("LINLI_EMERGENCY", "110,119,120").split(",") if n]
SERVICES_FOLDER = os.environ.get("LINLI_SERVICES", "")
BASE_MAP_TILES = os.environ.get("LINLI_BASE_MAP", "")
BASE_MAP_CREDIT = os.environ.get("LINLI_BASE_MAP_CREDIT", "")
