"""Django's suite on SQLite: the baseline."""

from tests.conformance.settings_common import *  # noqa: F403

DATABASES = {alias: {"ENGINE": "django.db.backends.sqlite3"} for alias in ("default", "other")}
