"""One module of Django's suite in a process of its own, and what came of its tests."""

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shop.localaws.environment import without_aws
from shop.localaws.install import ROOT
from tests.conformance.source import Suite

LONGEST = 1800.0  # seconds for one module
SEVERITY = ["passed", "expected", "skipped", "failed"]


@dataclass(frozen=True)
class Outcome:
    """`kind` is one of SEVERITY; `detail` the exception or the reason of a skip."""

    kind: str
    detail: str = ""


@dataclass(frozen=True)
class ModuleRun:
    """All of one module: outcomes by test name, and seconds. `log` says the rest."""

    module: str
    outcomes: dict[str, Outcome]
    seconds: float
    log: Path
    complete: bool  # the process came to its own end


def run_module(suite: Suite, engine: str, module: str, environ: Mapping[str, str]) -> ModuleRun:
    """Run a module on `engine` (sqlite or dynamodb). `environ` leads to the local AWS."""
    folder = suite.folder / engine
    folder.mkdir(parents=True, exist_ok=True)
    outcomes, log = folder / f"{module}.jsonl", folder / f"{module}.log"
    outcomes.unlink(missing_ok=True)
    script = "runtests.py" if engine == "sqlite" else "runtests_dynamodb.py"
    settings = f"tests.conformance.settings_{engine}"
    started = time.monotonic()
    with log.open("wb") as output, contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(
            [suite.python, script, f"--settings={settings}", "--parallel=1", module],
            cwd=suite.tests,
            env={
                **without_aws(os.environ),
                **environ,
                "PYTHONPATH": str(ROOT),
                "CONFORMANCE_MODULE": module,
                "CONFORMANCE_OUTCOMES": str(outcomes),
            },
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=LONGEST,
            check=False,
        )
    ended = "\nRan " in log.read_text(errors="replace")
    return ModuleRun(module, read_outcomes(outcomes), time.monotonic() - started, log, ended)


def read_outcomes(path: Path) -> dict[str, Outcome]:
    """The worst that was said of each test: it may fail and then fail to tidy up."""
    found: dict[str, Outcome] = {}
    lines = path.read_text().splitlines() if path.exists() else []
    for line in lines:
        said = json.loads(line)
        new = Outcome(said["outcome"], said["detail"])
        known = found.get(said["test"])
        if known is None or SEVERITY.index(new.kind) > SEVERITY.index(known.kind):
            found[said["test"]] = new
    return found
