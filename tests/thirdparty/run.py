"""`python -m tests.thirdparty.run`: apps of others on the engine, and on SQLite.

Each app does the same on both, in processes of their own, and must get the same answers. The
table, and all answers that differ, are in .local/thirdparty/results.json; results.md is the
table of docs/engine.md.
"""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from shop.localaws import LocalAWS, LocalAWSError
from tests.thirdparty.apps import APPS
from tests.thirdparty.environment import FOLDER, ThirdPartyError, python_with_apps, versions
from tests.thirdparty.runs import run_app
from tests.thirdparty.verdict import Difference, Verdict, judge, read_known

AT_ONCE = 2
HEADINGS = "| app | version | operations | the same | what differs, and why |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.thirdparty.run", description=__doc__)
    parser.add_argument("apps", nargs="*", help="folders of tests/thirdparty; all unless told")
    folders = parser.parse_args().apps or list(APPS)
    try:
        python = python_with_apps()
        with LocalAWS() as aws:
            verdicts = run_all(python, folders, aws.environment())
    except (ThirdPartyError, LocalAWSError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    report(verdicts)
    return 0 if all(verdict.holds for verdict in verdicts) else 1


def run_all(python: str, folders: list[str], environ: dict[str, str]) -> list[Verdict]:
    known, pinned = read_known(), versions()
    verdicts = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for n, folder in enumerate(folders, 1):
            on_sqlite = pool.submit(run_app, python, folder, "sqlite", {})
            on_engine = pool.submit(run_app, python, folder, "dynamodb", environ)
            runs = on_sqlite.result(), on_engine.result()
            verdict = judge(
                APPS[folder], pinned[APPS[folder]], runs[0].answers, runs[1].answers,
                known.get(folder, {}),
            )  # fmt: skip
            verdicts.append(verdict)
            mark = "ok" if verdict.holds else f"NOT OK, see {runs[0].log} and {runs[1].log}"
            say(
                f"{n}/{len(folders)} {verdict.app} {verdict.version}: {verdict.same} of "
                f"{verdict.operations} the same in {runs[1].seconds:.0f} s, {mark}"
            )
    return verdicts


def report(verdicts: list[Verdict]) -> None:
    for verdict in verdicts:
        say_surprises(verdict)
    lines = [HEADINGS, "|---|---|---|---|---|", *map(row, verdicts)]
    say("\n" + "\n".join(lines))
    (FOLDER / "results.md").write_text("\n".join(lines) + "\n")
    found = [asdict(each) | {"same": each.same, "holds": each.holds} for each in verdicts]
    (FOLDER / "results.json").write_text(json.dumps(found, indent=1) + "\n")
    good = all(verdict.holds for verdict in verdicts)
    say("It holds." if good else "It does not hold.")


def row(verdict: Verdict) -> str:
    numbers = f"{verdict.operations} | {verdict.same}"
    return f"| {verdict.app} | {verdict.version} | {numbers} | {reasons(verdict.differences)} |"


def reasons(differences: tuple[Difference, ...]) -> str:
    """Each reason once, with the operations that it is of."""
    by_reason: dict[str, list[str]] = {}
    for each in differences:
        by_reason.setdefault(each.reason or "not known", []).append(f"`{each.operation}`")
    return "; ".join(
        f"{', '.join(names) if len(names) < 4 else f'{len(names)} operations'}: {reason}"
        for reason, names in by_reason.items()
    )


def say_surprises(verdict: Verdict) -> None:
    for difference in verdict.differences:
        if not difference.reason:
            say(f"  {verdict.app} {difference.operation} differs")
            say(f"    SQLite: {difference.on_sqlite}\n    engine: {difference.on_engine}")
    for name in verdict.broken:
        say(f"  {verdict.app} {name} raises on SQLite too: it says nothing")
    for name in verdict.unneeded:
        say(f"  {verdict.app} {name} is known to differ, and does not")


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - speaks to the person at the terminal


if __name__ == "__main__":
    sys.exit(main())
