"""Django's test runner, writing each test's outcome as a line of JSON.

The file is named by CONFORMANCE_OUTCOMES. Lines are written as tests end, so that a run
that is cut short has said what it knows.
"""

import json
import os
import unittest
from pathlib import Path
from typing import Any

from django.test.runner import DiscoverRunner


class RecordingResult(unittest.TextTestResult):
    """Says passed, failed, skipped or expected (Django itself expects it to fail)."""

    def record(self, test: Any, outcome: str, detail: str = "") -> None:
        test = getattr(test, "test_case", test)  # a subtest speaks for its test
        line = json.dumps({"test": test.id(), "outcome": outcome, "detail": detail})
        with Path(os.environ["CONFORMANCE_OUTCOMES"]).open("a") as file:
            file.write(line + "\n")

    def addSuccess(self, test: Any) -> None:
        super().addSuccess(test)
        self.record(test, "passed")

    def addError(self, test: Any, err: Any) -> None:
        super().addError(test, err)
        self.record(test, "failed", last_words(err))

    def addFailure(self, test: Any, err: Any) -> None:
        super().addFailure(test, err)
        self.record(test, "failed", last_words(err))

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.record(test, "failed", last_words(err))

    def addSkip(self, test: Any, reason: str) -> None:
        super().addSkip(test, reason)
        self.record(test, "skipped", reason)

    def addExpectedFailure(self, test: Any, err: Any) -> None:
        super().addExpectedFailure(test, err)
        self.record(test, "expected")

    def addUnexpectedSuccess(self, test: Any) -> None:
        super().addUnexpectedSuccess(test)
        self.record(test, "passed")


class RecordingRunner(DiscoverRunner):
    def get_resultclass(self) -> type[RecordingResult]:
        return RecordingResult


def last_words(err: Any) -> str:
    """The exception in one line."""
    return f"{err[0].__name__}: {' '.join(str(err[1]).split())}"[:300]
