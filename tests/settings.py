"""The shop's settings, unchanged but for speed, on a local AWS made for this test run.

pytest-django reads the settings before any conftest: the environment is made here.
"""

from tests.local_aws import prepare_environment

prepare_environment()

from shop.settings import *  # noqa: E402, F403  the settings read the environment just made
from shop.settings import INSTALLED_APPS  # noqa: E402  the same

# The engine's tests have models of their own.
INSTALLED_APPS = [*INSTALLED_APPS, "tests.dynamodb.app.apps.EngineConfig"]

# The real hash takes a tenth of a second, by design.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
