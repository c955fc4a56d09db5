"""What the outcomes of the two engines come to. Pure: no processes, no files but one."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.conformance.modules import LEAST, LEAST_OF, LEAST_OVERALL
from tests.conformance.runs import Outcome

EXPECTED_FAILURES = Path(__file__).with_name("expected_failures.toml")


@dataclass(frozen=True)
class Expectations:
    """`failures`: reasons by test name. `elsewhere`: reasons by the beginning of a test's
    name, of tests that are about another backend and are not counted. `unsteady`: reasons
    by name of tests that pass or fail by chance; they count as failed either way."""

    failures: dict[str, str]
    elsewhere: dict[str, str]
    unsteady: dict[str, str] = field(default_factory=dict)

    def counts(self, test: str) -> bool:
        return not test.startswith(tuple(self.elsewhere))

    def of(self, module: str) -> set[str]:
        named = self.failures.keys() | self.unsteady.keys()
        return {test for test in named if test.partition(".")[0] == module}


@dataclass
class Verdict:
    """One module. Counts are of tests that pass on SQLite, the lists of all tests."""

    module: str
    on_sqlite: int = 0
    passed: int = 0
    failed: int = 0
    skipped: int = 0  # or not run at all
    expected: int = 0
    unexpected_failures: list[str] = field(default_factory=list)
    unexpected_passes: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # expected to fail, and not there

    @property
    def percent(self) -> float:
        return 100.0 * self.passed / self.on_sqlite if self.on_sqlite else 100.0

    @property
    def enough(self) -> bool:
        return self.percent >= LEAST_OF.get(self.module, LEAST)

    @property
    def good(self) -> bool:
        surprises = self.unexpected_failures + self.unexpected_passes + self.unknown
        return self.enough and not surprises


def read_expectations(version: str, path: Path = EXPECTED_FAILURES) -> Expectations:
    """The file's groups for a version of Django, each with its reason. ValueError if a
    reason or a test lacks."""
    series = version.rpartition(".")[0]
    groups = {
        kind: [each for each in listed if each.get("django", series) == series]
        for kind, listed in tomllib.loads(path.read_text()).items()
    }
    failures = by_name(groups.get("fails", []), "tests")
    elsewhere = by_name(groups.get("elsewhere", []), "prefixes")
    return Expectations(failures, elsewhere, by_name(groups.get("unsteady", []), "tests"))


def by_name(groups: Iterable[dict[str, object]], key: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for group in groups:
        reason, names = group.get("reason"), group.get(key)
        if not isinstance(reason, str) or not reason or not isinstance(names, list) or not names:
            raise ValueError(f"A group needs a reason and {key}: {group}")
        for name in names:
            if name in found:
                raise ValueError(f"{name} is there twice")
            found[name] = reason
    return found


def judge(
    module: str,
    sqlite: dict[str, Outcome],
    engine: dict[str, Outcome],
    expectations: Expectations,
) -> Verdict:
    """Hold the engine's outcomes against SQLite's and against what is expected.

    A test that passes on SQLite and is skipped or missing on the engine has not passed.
    """
    verdict = Verdict(module)
    missing = Outcome("skipped", "not run")
    for test in sorted(sqlite.keys() | engine.keys()):
        if not expectations.counts(test):
            continue
        baseline = sqlite.get(test, missing).kind == "passed"
        kind = "failed" if test in expectations.unsteady else engine.get(test, missing).kind
        bad = kind == "failed" or baseline and kind != "passed"
        if baseline:
            count(verdict, kind)
        if test in expectations.unsteady:
            verdict.expected += 1
        elif test in expectations.failures:
            verdict.expected += bad
            if not bad:
                verdict.unexpected_passes.append(test)
        elif bad:
            verdict.unexpected_failures.append(test)
    verdict.unknown = sorted(expectations.of(module) - sqlite.keys() - engine.keys())
    return verdict


def count(verdict: Verdict, kind: str) -> None:
    verdict.on_sqlite += 1
    if kind == "passed":
        verdict.passed += 1
    elif kind == "failed":
        verdict.failed += 1
    else:
        verdict.skipped += 1


def overall(verdicts: Iterable[Verdict]) -> float:
    """Percent of all tests that pass on SQLite."""
    verdicts = list(verdicts)
    total = sum(verdict.on_sqlite for verdict in verdicts)
    return 100.0 * sum(verdict.passed for verdict in verdicts) / total if total else 100.0


def holds(verdicts: Iterable[Verdict]) -> bool:
    verdicts = list(verdicts)
    return all(verdict.good for verdict in verdicts) and overall(verdicts) >= LEAST_OVERALL
