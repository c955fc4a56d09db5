"""The shop's settings, unchanged but for speed, on a local AWS made for this test run.

pytest-django reads the settings before any conftest: the environment is made here.
"""

from os import environ
from typing import Any

from tests.local_aws import prepare_environment

prepare_environment()

from shop.settings import *  # noqa: E402, F403  the settings read the environment just made
from shop.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE  # noqa: E402  the same

# The engine's tests have models of their own.
INSTALLED_APPS = [*INSTALLED_APPS, "tests.dynamodb.app.apps.EngineConfig"]

# What the API answers is compared with its schema, in every test.
MIDDLEWARE = ["tests.contract.answers.ContractMiddleware", *MIDDLEWARE]

# The real hash takes a tenth of a second, by design.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# `DYNAMODB_CLIENT=boto3 make test` runs the suite over boto3 in place of our own client; CI
# runs tests/dynamodb/test_boto3.py.
OPTIONS: Any = DATABASES["default"]["OPTIONS"]
OPTIONS["client"] = environ.get("DYNAMODB_CLIENT", "native")
