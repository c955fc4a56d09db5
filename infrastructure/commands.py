"""The programs that do a deployment's work, and what the person at the terminal is told."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from infrastructure.errors import DeploymentError
from infrastructure.leftovers import api_id
from infrastructure.stages import Stage, environment
from infrastructure.targets import ROOT


def zappa(name: str, *command: str, settings: Path | None = None) -> None:
    """Zappa itself, for what it calls `name`: a stage or its jobs. Without `settings`, those that
    its callback fills in."""
    first, *rest = command
    chosen = ["--settings_file", str(settings)] if settings else []
    run([sys.executable, "-m", "zappa.cli", first, name, *chosen, *rest], {})


def manage(stage: Stage, outputs: dict[str, str], *command: str) -> None:
    """manage.py with the function's settings and the caller's own rights."""
    variables = {
        **environment(stage, outputs, api_id(stage) or ""),
        "AWS_REGION": stage.region,
        "DJANGO_SETTINGS_MODULE": str(stage.zappa["django_settings"]),
    }
    run([sys.executable, "manage.py", *command], variables)


def run(command: list[str], variables: Mapping[str, str]) -> None:
    """Raises DeploymentError if it fails; what it says is shown as it comes.

    Of the caller's own environment nothing that is a setting of the shop gets through.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SHOP_")}
    if python := os.environ.get("SHOP_TARGET_PYTHON"):
        inherited["SHOP_TARGET_PYTHON"] = python
    done = subprocess.run(command, env={**inherited, **variables}, cwd=ROOT, check=False)
    if done.returncode:
        raise DeploymentError(f"`{' '.join(command[1:4])}` failed: see above.")


def say(text: str) -> None:
    print(f"== {text}", flush=True)  # noqa: T201  for the person at the terminal
