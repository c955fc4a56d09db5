"""Django's suite on the engine, with table names of this module's run only."""

import os

from tests.conformance.settings_common import *  # noqa: F403

DATABASES = {
    alias: {
        "ENGINE": "dynamodb",
        "NAME": f"{os.environ['CONFORMANCE_MODULE']}-{alias}-",
        "OPTIONS": {"region": os.environ["AWS_DEFAULT_REGION"], "scan": "allow"},
    }
    for alias in ("default", "other")
}
TEST_RUNNER = "tests.conformance.engine_runner.EngineRunner"
