"""The runner for the engine."""

from contextlib import AbstractContextManager
from typing import Any
from unittest import mock

from django.core.management.sql import emit_post_migrate_signal
from django.test import testcases

from dynamodb.rows.commit import commits_in_parts
from tests.conformance.recorder import RecordingRunner


class EngineRunner(RecordingRunner):
    """Lets Django's test cases make permissions in parts, as `migrate` and `flush` do here.

    A TransactionTestCase with `available_apps` sends post_migrate by itself instead of
    calling one of these commands; the writes are the same, and can be over a hundred.
    """

    def setup_test_environment(self, **kwargs: Any) -> None:
        super().setup_test_environment(**kwargs)
        self.patch: AbstractContextManager[Any] = mock.patch.object(
            testcases, "emit_post_migrate_signal", send_in_parts
        )
        self.patch.__enter__()

    def teardown_test_environment(self, **kwargs: Any) -> None:
        self.patch.__exit__(None, None, None)
        super().teardown_test_environment(**kwargs)


def send_in_parts(*args: Any, **kwargs: Any) -> None:
    with commits_in_parts():
        emit_post_migrate_signal(*args, **kwargs)
