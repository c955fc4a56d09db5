"""An app's operations on an engine, in a process of its own."""

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shop.localaws.environment import without_aws
from shop.localaws.install import ROOT
from tests.thirdparty.environment import FOLDER

LONGEST = 600.0  # seconds for one app


@dataclass(frozen=True)
class Run:
    """Answers by operation, in their order; `log` says the rest."""

    answers: dict[str, Any]
    seconds: float
    log: Path


def run_app(python: str, folder: str, engine: str, environ: Mapping[str, str]) -> Run:
    """`engine` is sqlite or dynamodb; `environ` leads to the local AWS."""
    answers, log = FOLDER / f"{folder}.{engine}.json", FOLDER / f"{folder}.{engine}.log"
    answers.unlink(missing_ok=True)
    if engine == "sqlite":
        for path in FOLDER.glob(f"{folder}.sqlite3*"):
            path.unlink()
    started = time.monotonic()
    with log.open("wb") as output, contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(
            [python, "-m", "tests.thirdparty.perform", folder, engine, str(answers)],
            cwd=ROOT,
            env={**without_aws(os.environ), **environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=LONGEST,
            check=False,
        )
    found = json.loads(answers.read_text()) if answers.exists() else {}
    return Run(found, time.monotonic() - started, log)
