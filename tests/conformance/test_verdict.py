"""What counts as conforming, on made-up outcomes."""

from pathlib import Path

import pytest

from tests.conformance.runs import Outcome, read_outcomes
from tests.conformance.verdict import Expectations, holds, judge, overall, read_expectations

PASSED, FAILED, SKIPPED = Outcome("passed"), Outcome("failed"), Outcome("skipped")
NOTHING = Expectations({}, {})


def outcomes(passed: int, failed: int = 0) -> dict[str, Outcome]:
    names = [f"basic.{n:03}" for n in range(passed + failed)]
    return {name: PASSED if n < passed else FAILED for n, name in enumerate(names)}


def test_all_pass():
    verdict = judge("basic", outcomes(3), outcomes(3), NOTHING)
    assert (verdict.passed, verdict.on_sqlite, verdict.good) == (3, 3, True)


@pytest.mark.parametrize("kind", ["failed", "skipped", "expected"])
def test_what_only_sqlite_passes_is_unexpected(kind: str):
    engine = {**outcomes(2), "basic.001": Outcome(kind)}
    verdict = judge("basic", outcomes(2), engine, NOTHING)
    assert (verdict.unexpected_failures, verdict.percent) == (["basic.001"], 50.0)


def test_a_test_that_did_not_run_has_not_passed():
    verdict = judge("basic", outcomes(2), outcomes(1), NOTHING)
    assert (verdict.unexpected_failures, verdict.skipped) == (["basic.001"], 1)


def test_skipped_on_both_is_nothing():
    verdict = judge("basic", {"basic.a": SKIPPED}, {"basic.a": SKIPPED}, NOTHING)
    assert (verdict.on_sqlite, verdict.good) == (0, True)


def test_a_failure_of_what_sqlite_skips_is_unexpected_but_not_counted():
    verdict = judge("basic", {"basic.a": SKIPPED}, {"basic.a": FAILED}, NOTHING)
    assert (verdict.on_sqlite, verdict.unexpected_failures) == (0, ["basic.a"])


def test_an_expected_failure_is_good_but_not_passed():
    expectations = Expectations({"basic.099": "why"}, {})
    verdict = judge("basic", outcomes(100), outcomes(99, 1), expectations)
    assert (verdict.good, verdict.percent, verdict.expected) == (True, 99.0, 1)


def test_an_unexpected_pass_is_not_good():
    expectations = Expectations({"basic.001": "why"}, {})
    verdict = judge("basic", outcomes(2), outcomes(2), expectations)
    assert (verdict.unexpected_passes, verdict.good) == (["basic.001"], False)


def test_an_expectation_of_no_test_is_not_good():
    expectations = Expectations({"basic.gone": "why", "other.gone": "why"}, {})
    verdict = judge("basic", outcomes(2), outcomes(2), expectations)
    assert (verdict.unknown, verdict.good) == (["basic.gone"], False)


@pytest.mark.parametrize(("module", "enough"), [("basic", False), ("migrations", True)])
def test_too_few_even_though_expected(module: str, enough: bool):
    expectations = Expectations({f"basic.{n:03}": "why" for n in range(94, 100)}, {})
    verdict = judge(module, outcomes(100), outcomes(94, 6), expectations)
    assert (verdict.enough, holds([verdict])) == (enough, False)


@pytest.mark.parametrize("passed", [99, 100])
def test_an_unsteady_test_counts_as_failed_and_surprises_nobody(passed: int):
    expectations = Expectations({}, {}, {"basic.099": "why"})
    verdict = judge("basic", outcomes(100), outcomes(passed, 100 - passed), expectations)
    assert (verdict.good, verdict.percent, verdict.failed) == (True, 99.0, 1)


def test_an_unsteady_test_must_be_there():
    verdict = judge("basic", outcomes(2), outcomes(2), Expectations({}, {}, {"basic.gone": "why"}))
    assert (verdict.unknown, verdict.good) == (["basic.gone"], False)


def test_tests_of_another_backend_are_left_out():
    expectations = Expectations({}, {"basic.00": "why"})
    verdict = judge("basic", outcomes(12), outcomes(0, 12), expectations)
    assert (verdict.on_sqlite, verdict.failed) == (2, 2)


def test_overall_is_by_tests_not_by_modules():
    verdicts = [
        judge("basic", outcomes(97), outcomes(97), NOTHING),
        judge("dates", outcomes(3), outcomes(0, 3), NOTHING),
    ]
    assert overall(verdicts) == 97.0


def test_the_worst_that_was_said_counts(tmp_path: Path):
    lines = [
        '{"test": "a", "outcome": "failed", "detail": "E: 1"}',
        '{"test": "a", "outcome": "passed", "detail": ""}',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    assert read_outcomes(tmp_path / "a.jsonl") == {"a": Outcome("failed", "E: 1")}


@pytest.mark.parametrize(
    "text",
    [
        '[[fails]]\ntests = ["a"]',
        '[[fails]]\nreason = "r"',
        '[[fails]]\nreason = ""\ntests = ["a"]',
    ],
)
def test_no_expectation_without_a_reason(tmp_path: Path, text: str):
    (tmp_path / "e.toml").write_text(text)
    with pytest.raises(ValueError, match="needs a reason"):
        read_expectations("5.2.1", tmp_path / "e.toml")


def test_the_file_can_be_read():
    assert read_expectations("5.2.1").of("get_or_create")


@pytest.mark.parametrize(("version", "expected"), [("5.2.19", {"a.a"}), ("6.0.1", {"a.a", "a.b"})])
def test_an_expectation_of_one_series(tmp_path: Path, version: str, expected: set[str]):
    text = "".join(
        f'[[fails]]\nreason = "r"\n{series}tests = ["a.{test}"]\n'
        for test, series in (("a", ""), ("b", 'django = "6.0"\n'))
    )
    (tmp_path / "e.toml").write_text(text)
    assert read_expectations(version, tmp_path / "e.toml").of("a") == expected
