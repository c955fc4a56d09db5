"""The settings of one app's run, on SQLite or on the engine."""

import os
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.thirdparty.environment import FOLDER

DATABASES: dict[str, Any] = {
    "sqlite": lambda folder: {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(FOLDER / f"{folder}.sqlite3"),
        # Who writes waits for who was first, as a database with locks has it.
        "OPTIONS": {"timeout": 60, "transaction_mode": "IMMEDIATE"},
    },
    "dynamodb": lambda folder: {
        "ENGINE": "dynamodb",
        "NAME": f"{folder.replace('_', '-')}-",
        "OPTIONS": {"region": os.environ["AWS_DEFAULT_REGION"], "scan": "allow"},
    },
}
APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "dynamodb",
]
MIDDLEWARE = [
    "dynamodb.middleware.ConflictMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
CONTEXT = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).with_name("templates")],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT},
    }
]
COMMON: dict[str, Any] = {
    "SECRET_KEY": "of the comparison of third-party apps, and of nothing else",
    "ALLOWED_HOSTS": ["*"],
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    "INSTALLED_APPS": APPS,
    # What Django answers with a 500 is in the run's log, with its reason.
    "LOGGING": {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"log": {"class": "logging.StreamHandler", "level": "ERROR"}},
        "loggers": {"django.request": {"handlers": ["log"]}},
    },
    "MIDDLEWARE": MIDDLEWARE,
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    "ROOT_URLCONF": "tests.thirdparty.urls",
    "SILENCED_SYSTEM_CHECKS": ["fields.W342"],
    "STATIC_URL": "/static/",
    "TEMPLATES": TEMPLATES,
    "TIME_ZONE": "UTC",
    "USE_TZ": True,
}


def settings_of(folder: str, engine: str) -> dict[str, Any]:
    """Those in common, and the app's own from its folder's `settings`."""
    own = vars(import_module(f"tests.thirdparty.{folder}.settings"))
    upper = {name: value for name, value in own.items() if name.isupper()}
    return COMMON | upper | {"DATABASES": {"default": DATABASES[engine](folder)}}
