"""What every cache of Django must pass, on DynamoDBCache.

Django's tests of a backend are a base class; a test file of ours joins its suite and puts
`DynamoDBCache` under it.
"""

from collections.abc import Mapping

from tests.conformance.runs import run_module
from tests.conformance.source import Suite

MODULE = "cache.test_dynamodb"
SOURCE = """from django.core.cache import cache, caches
from django.test import TransactionTestCase, override_settings

from .tests import BaseCacheTests, caches_setting_for_tests

BACKEND = {
    "BACKEND": "dynamodb.cache.DynamoDBCache",
    "LOCATION": "test_cache",
    "OPTIONS": {"pickle": True},  # they keep functions, classes, models
}


@override_settings(CACHES=caches_setting_for_tests(**BACKEND))
class DynamoDBCacheTests(BaseCacheTests, TransactionTestCase):
    available_apps = ["cache"]

    def setUp(self):
        super().setUp()
        cache.create_table()

    def tearDown(self):
        for each in caches.all():
            each.clear()
        super().tearDown()
"""
# Nothing is culled: DynamoDB has no most entries, and time-to-live deletes.
NOT_CULLED = {f"{MODULE}.DynamoDBCacheTests.{name}" for name in ("test_cull", "test_zero_cull")}


def run_caches(suite: Suite, environ: Mapping[str, str]) -> tuple[str, bool]:
    """A line that says what came of them, and whether it is as it should be."""
    ours = suite.tests / "cache" / "test_dynamodb.py"
    ours.write_text(SOURCE)
    try:
        outcomes = run_module(suite, "dynamodb", MODULE, environ).outcomes
    finally:
        ours.unlink()  # the module `cache` is judged without it
    passed = {test for test, outcome in outcomes.items() if outcome.kind == "passed"}
    others = outcomes.keys() - passed
    line = f"DynamoDBCache passes {len(passed)} of Django's {len(outcomes)} tests of a cache"
    if others != NOT_CULLED:
        return f"{line}; not as expected: {sorted(others ^ NOT_CULLED)}", False
    return f"{line}; the others are about culling, which time-to-live replaces.", True
