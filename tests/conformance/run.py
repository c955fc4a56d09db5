"""`python -m tests.conformance.run`: Django's own tests on the engine.

Each module runs in a process of its own, two at a time, on a local AWS of this run; what
passes on SQLite is the baseline, kept in .local/conformance/ per version of Django.
"""

import argparse
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed

from shop.localaws import LocalAWS, LocalAWSError
from tests.conformance.caches import run_caches
from tests.conformance.modules import LEAST_OVERALL, MODULES
from tests.conformance.runs import ModuleRun, Outcome, read_outcomes, run_module
from tests.conformance.source import (
    OLDEST_PYTHON,
    ConformanceError,
    Suite,
    installed_suite,
    suite_of,
)
from tests.conformance.verdict import (
    Expectations,
    Verdict,
    holds,
    judge,
    overall,
    read_expectations,
)

AT_ONCE = 2
HEADINGS = ("passed", "failed", "expected", "unexpected", "skipped", "of", "%")


def main() -> int:
    options = read_options()
    try:
        suite = suite_of(options.django, options.python) if options.django else installed_suite()
        if suite is None:
            say(skipped_loudly(options.django))
            return 0
        expectations = read_expectations(suite.version)
        baseline = baselines(suite, options.modules)
        with LocalAWS() as aws:
            verdicts = run_all(suite, options.modules, aws.environment(), baseline, expectations)
            caches = ("", True)
            if "cache" in options.modules:
                caches = run_caches(suite, aws.environment())
    except (ConformanceError, LocalAWSError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    report(suite, verdicts)
    say(caches[0])
    return 0 if holds(verdicts) and caches[1] else 1


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.run", description=__doc__)
    parser.add_argument("modules", nargs="*", help="those of modules.py unless told")
    parser.add_argument("--django", help="another series than the installed, such as 6.0")
    parser.add_argument("--python", help="the Python to run that series with")
    options = parser.parse_args()
    options.modules = options.modules or MODULES
    return options


def skipped_loudly(series: str) -> str:
    wanted = ".".join(map(str, OLDEST_PYTHON.get(series, ())))
    return (
        f"\n*** NOT RUN: Django {series} needs Python {wanted} or later; there is none here. ***\n"
        f"*** Nothing is known about the engine on Django {series}. ***\n"
    )


def baselines(suite: Suite, modules: Iterable[str]) -> dict[str, dict[str, Outcome]]:
    """What comes of each module on SQLite, run once per version of Django."""
    folder = suite.folder / "sqlite"
    missing = [module for module in modules if not (folder / f"{module}.done").exists()]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = pool.map(lambda module: run_module(suite, "sqlite", module, {}), missing)
        for n, run in enumerate(runs, 1):
            if not run.complete:
                raise ConformanceError(f"{run.module} came to no end on SQLite; see {run.log}")
            (folder / f"{run.module}.done").touch()
            say(f"baseline {n}/{len(missing)} {run.module}: {len(run.outcomes)} tests")
    return {module: read_outcomes(folder / f"{module}.jsonl") for module in modules}


def run_all(
    suite: Suite,
    modules: list[str],
    environ: Mapping[str, str],
    baseline: dict[str, dict[str, Outcome]],
    expectations: Expectations,
) -> list[Verdict]:
    verdicts = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures = [pool.submit(run_module, suite, "dynamodb", m, environ) for m in modules]
        for n, future in enumerate(as_completed(futures), 1):
            run = future.result()
            verdict = judge(run.module, baseline[run.module], run.outcomes, expectations)
            verdicts.append(verdict)
            say(progress(n, len(modules), run, verdict))
    return sorted(verdicts, key=lambda verdict: verdict.module)


def progress(n: int, total: int, run: ModuleRun, verdict: Verdict) -> str:
    mark = "ok" if verdict.good else "NOT OK"
    cut = "" if run.complete else f"; cut short, see {run.log}"
    return (
        f"{n}/{total} {run.module}: {verdict.passed} of {verdict.on_sqlite} "
        f"in {run.seconds:.0f} s, {mark}{cut}"
    )


def report(suite: Suite, verdicts: list[Verdict]) -> None:
    for verdict in verdicts:
        say_surprises(verdict)
    say(f"\nDjango {suite.version} on the engine, of the tests that pass on SQLite:")
    say(f"{'module':24}" + "".join(f"{heading:>11}" for heading in HEADINGS))
    for verdict in verdicts:
        unexpected = len(verdict.unexpected_failures) + len(verdict.unexpected_passes)
        numbers = (verdict.passed, verdict.failed, verdict.expected, unexpected, verdict.skipped)
        row = "".join(f"{number:>11}" for number in (*numbers, verdict.on_sqlite))
        few = "" if verdict.enough else "  too few"
        say(f"{verdict.module:24}{row}{verdict.percent:>11.1f}{few}")
    say(f"overall {overall(verdicts):.2f} % (at least {LEAST_OVERALL} %)")
    say("It holds." if holds(verdicts) else "It does not hold.")


def say_surprises(verdict: Verdict) -> None:
    surprises = {
        "fails": verdict.unexpected_failures,
        "passes, though it is expected to fail": verdict.unexpected_passes,
        "is expected to fail, and does not exist": verdict.unknown,
    }
    for what, tests in surprises.items():
        for test in tests:
            say(f"  {test} {what}")


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - speaks to the person at the terminal


if __name__ == "__main__":
    sys.exit(main())
