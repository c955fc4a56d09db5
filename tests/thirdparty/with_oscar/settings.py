from pathlib import Path
from typing import Any

from oscar import INSTALLED_APPS as OSCAR
from oscar.defaults import *  # noqa: F403  as oscar documents it

from tests.thirdparty.environment import FOLDER
from tests.thirdparty.settings import CONTEXT
from tests.thirdparty.settings import MIDDLEWARE as OTHERS
from tests.thirdparty.settings import TEMPLATES as PLAIN

INSTALLED_APPS = [*OSCAR, "sorl.thumbnail", "dynamodb"]
SITE_ID = 1
MIDDLEWARE = [
    *OTHERS,
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
]
AUTHENTICATION_BACKENDS = [
    "oscar.apps.customer.auth_backends.EmailBackend",
    "django.contrib.auth.backends.ModelBackend",
]
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
OSCAR_INITIAL_ORDER_STATUS = "Pending"
OSCAR_INITIAL_LINE_STATUS = "Pending"
OSCAR_ORDER_STATUS_PIPELINE = {
    "Pending": ("Being processed", "Cancelled"),
    "Being processed": ("Processed", "Cancelled"),
    "Cancelled": (),
}
OSCAR_ALLOW_ANON_CHECKOUT = True
ROOT_URLCONF = "tests.thirdparty.with_oscar.urls"
MEDIA_ROOT = str(Path(FOLDER) / "media")
_options: dict[str, Any] = {
    "context_processors": [
        *CONTEXT,
        "oscar.apps.search.context_processors.search_form",
        "oscar.apps.checkout.context_processors.checkout",
        "oscar.apps.communication.notifications.context_processors.notifications",
        "oscar.core.context_processors.metadata",
    ]
}
TEMPLATES = [{**PLAIN[0], "DIRS": [], "OPTIONS": _options}]
