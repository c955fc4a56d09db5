"""The peer's settings: middleware and sessions as in oscar-api's sandbox, else for production."""

import os
from typing import Any

from oscar import INSTALLED_APPS as OSCAR
from oscar.defaults import *  # noqa: F403  as oscar documents it

from benchmarks.peers.database import database

SECRET_KEY = "only-for-benchmarks-and-long-enough-for-a-signature"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["*"]
DATABASES = {
    "default": database(
        os.environ.get("PEERS_DATABASE_URL", ""),
        file=os.environ["BENCH_PEER_FILE"],
        schema=os.environ["BENCH_PEER_SCHEMA"],
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
INSTALLED_APPS = [*OSCAR, "sorl.thumbnail", "oscarapi", "rest_framework"]
MIDDLEWARE = [
    "django.middleware.common.CommonMiddleware",
    "oscarapi.middleware.HeaderSessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
]
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"  # nothing is searched
ROOT_URLCONF = "benchmarks.peers.urls"
SITE_ID = 1
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
TIME_ZONE = "UTC"
USE_TZ = True
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_DEFAULT_CURRENCY = "EUR"
OSCARAPI_OVERRIDE_MODULES = ["benchmarks.peers.api"]
