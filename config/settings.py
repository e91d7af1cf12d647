"""All settings, read from the environment. The table of variables is in the README.

Bad values do not raise here: they are collected and shown, all at once, by `config.checks`.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from config.cache import cache_url
from config.env import Environment, Licence
from config.paths import BASE_DIR, kept_secret, private_folder, redis_socket

ENVIRONMENT = Environment(os.environ)
env = ENVIRONMENT

# --- Run-time state -------------------------------------------------------------------------------
VAR_DIR = Path(env.text("TRACKER_VAR_DIR", str(BASE_DIR / "var"))).absolute()
STATIC_ROOT = VAR_DIR / "static"
try:
    private_folder(VAR_DIR)
    # WhiteNoise warns about a missing folder at every start.
    STATIC_ROOT.mkdir(exist_ok=True)
    SECRET_KEY = env.text("TRACKER_SECRET_KEY") or kept_secret(VAR_DIR / "secret_key")
except OSError as error:
    SECRET_KEY = "unusable"  # noqa: S105 - the error below keeps everything from starting
    env.report(
        "TRACKER_VAR_DIR",
        f"The folder for run-time state cannot be used: {error}.",
        "Make it writable for the user that runs the tracker, or set TRACKER_VAR_DIR to another folder.",
    )

# --- The site -------------------------------------------------------------------------------------
DEBUG = env.boolean("TRACKER_DEBUG", default=False)
TRACKER_DEMO = env.boolean("TRACKER_DEMO", default=not env.text("DATABASE_URL"))
TRACKER_PORT = env.integer("TRACKER_PORT", default=8000, minimum=1, maximum=65535)
TRACKER_SITE_NAME = env.text("TRACKER_SITE_NAME", "Pledge tracker")
TRACKER_SITE_URL = env.site_url("TRACKER_SITE_URL", f"http://127.0.0.1:{TRACKER_PORT}")
IS_HTTPS = TRACKER_SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.hosts(
    "TRACKER_ALLOWED_HOSTS",
    default=["127.0.0.1", "localhost", "[::1]", urlsplit(TRACKER_SITE_URL).hostname or "localhost"],
)
# On which terms others may use what /data/ gives out.
TRACKER_DATA_LICENCE = env.licence(
    "TRACKER_DATA_LICENCE", Licence("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
)

# Whom to tell of a weakness, in /.well-known/security.txt.
TRACKER_SECURITY_CONTACT = env.contact("TRACKER_SECURITY_CONTACT")

# --- Time rules -----------------------------------------------------------------------------------
# Days before its due date from which a pledge counts as "due soon".
TRACKER_DUE_SOON_DAYS = env.integer("TRACKER_DUE_SOON_DAYS", default=14, minimum=0, maximum=3650)
# Days after its due date from which a pledge counts as "long overdue".
TRACKER_LONG_OVERDUE_DAYS = env.integer("TRACKER_LONG_OVERDUE_DAYS", default=30, minimum=1, maximum=3650)
# Days without a look for evidence after which a pledge counts as stale.
TRACKER_STALE_DAYS = env.integer("TRACKER_STALE_DAYS", default=90, minimum=1, maximum=3650)
# A pledge flagged this long after its due date ended goes into a digest instead of a mail of its own.
TRACKER_BACKLOG_MINUTES = env.integer("TRACKER_BACKLOG_MINUTES", default=60, minimum=1, maximum=525_600)

# A sweep or a delivery whose last one is longer ago than this is late: see `manage.py watchdog`.
TRACKER_WATCH_LATE_MINUTES = env.integer("TRACKER_WATCH_LATE_MINUTES", default=15, minimum=1, maximum=10_080)

# --- The API --------------------------------------------------------------------------------------
# Requests that one network may make within an hour.
TRACKER_API_HOURLY = env.integer("TRACKER_API_HOURLY", default=600, minimum=1, maximum=1_000_000)

# --- Mail -----------------------------------------------------------------------------------------
TRACKER_MAIL_FROM = env.sender("TRACKER_MAIL_FROM", "Pledge tracker <tracker@localhost>")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = TRACKER_MAIL_FROM
# Where mail that could not be delivered comes back to, each with a tag of its own: docs/mail.md.
TRACKER_BOUNCE_ADDRESS = env.address("TRACKER_BOUNCE_ADDRESS")
# After so many days with a soft bounce a subscriber gets no more mail.
TRACKER_SOFT_BOUNCES = env.integer("TRACKER_SOFT_BOUNCES", default=5, minimum=1, maximum=50)
EMAIL_TIMEOUT = env.integer("TRACKER_MAIL_TIMEOUT", default=30, minimum=1, maximum=600)
# How long a worker may hold an alert it is sending; after that another worker takes it over.
TRACKER_ALERT_LEASE_SECONDS = env.integer(
    "TRACKER_ALERT_LEASE_SECONDS", default=300, minimum=1, maximum=86_400
)
# When the daily and weekly mails to the public go out: hour of the day, UTC.
TRACKER_DIGEST_HOUR = env.integer("TRACKER_DIGEST_HOUR", default=8, minimum=0, maximum=23)
MAIL_SERVER = env.smtp("EMAIL_URL")
# Who gets every overdue alert. In the demo somebody must, or its mailbox would stay empty.
TRACKER_STAFF_ALERTS = env.addresses("TRACKER_STAFF_ALERTS") or (
    ["demo@example.org"] if TRACKER_DEMO and MAIL_SERVER is None else []
)
# Without a mail server mail is kept in files: nothing is lost, and the admin shows every alert.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mailbox"
if MAIL_SERVER:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = MAIL_SERVER.host, MAIL_SERVER.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL_SERVER.user, MAIL_SERVER.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_SERVER.tls, MAIL_SERVER.ssl

# --- Database and queue ---------------------------------------------------------------------------
_database = env.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'tracker.sqlite3'}")
if _database["ENGINE"].endswith("sqlite3"):
    # With Django's defaults 1,076 of 1,800 concurrent transactions met "database is locked"; with these none.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
elif _database["ENGINE"].endswith("postgresql"):
    # No connection pool: one that is opened before Celery forks hangs.
    _database |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    _database["OPTIONS"] = {"connect_timeout": 10} | _database.get("OPTIONS", {})
DATABASES: dict[str, dict[str, Any]] = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# How often beat wakes the watch and the sender, in seconds.
TRACKER_TICK_SECONDS = env.integer("TRACKER_TICK_SECONDS", default=60, minimum=1, maximum=3600)
EMBEDDED_REDIS_URL = f"redis+socket://{redis_socket(VAR_DIR)}?virtual_host=0"
BROKER_URL = env.redis("REDIS_URL", EMBEDDED_REDIS_URL)
CACHES = {
    "default": {
        "BACKEND": "config.cache.OneServerCache",
        "LOCATION": cache_url(BROKER_URL),
        "KEY_PREFIX": "pages",
        # A page is made in less time than a slow cache would take to answer.
        "OPTIONS": {
            "serializer": "config.cache.JsonSerializer",
            "socket_connect_timeout": 0.2,
            "socket_timeout": 0.5,
        },
    }
}

# --- Parts ----------------------------------------------------------------------------------------
# Ours come before Django's so that their templates win.
INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "pledges",
    "tracker.watch",
    "tracker.health",
    "tracker.alerts",
    "tracker.letters",
    "tracker.public",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "tracker.public.middleware.PublicHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tracker.public.keeping.KeptPages",
    "tracker.public.languages.PathLanguage",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Language and time ----------------------------------------------------------------------------
LANGUAGES = [("en", "English"), ("ar", "العربية"), ("fr", "Français"), ("es", "Español")]
LANGUAGE_CODE = env.choice("TRACKER_LANGUAGE", default="en", allowed=tuple(code for code, _ in LANGUAGES))
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = ["config.formats"]
# What mails and the pages of subscriptions say; the rest is English until it is translated too.
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]

# --- Static files ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
# After `collectstatic` files are served from STATIC_ROOT; before, straight from the apps.
IS_COLLECTED = (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_USE_FINDERS = not IS_COLLECTED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.HashedOnceCollected"},
}

# --- Security -------------------------------------------------------------------------------------
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
]
LOGIN_URL = "admin:login"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
# "no-referrer" would make browsers send "Origin: null", which Django's CSRF check refuses in the admin.
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_TRUSTED_ORIGINS = [TRACKER_SITE_URL]
# gunicorn reads X-Forwarded-Proto from a proxy on this machine only, so the scheme can be trusted.
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
# Whether every other site under the same domain speaks HTTPS is not for the tracker to promise. SQLite leaves
# out what PostgreSQL's indexes include (models.W040) and misses nothing: each of its indexes has the key.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021", "models.W040"]

# --- Logs -----------------------------------------------------------------------------------------
# To stderr, one line an entry, without addresses of readers: being seen reading may endanger them.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.logs.LineFormatter",
            "format": "{asctime}Z {levelname:<7} {name}: {message}",
            "datefmt": "%Y-%m-%d %H:%M:%S",
            "style": "{",
        },
    },
    "filters": {"foreign_host": {"()": "config.logs.ForeignHost"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["stderr"],
        "level": env.choice(
            "TRACKER_LOG_LEVEL", default="INFO", allowed=("DEBUG", "INFO", "WARNING", "ERROR")
        ),
    },
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "django.security.DisallowedHost": {"filters": ["foreign_host"]},
    },
}
