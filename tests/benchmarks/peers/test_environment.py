"""What the peer's environment has, and what it need not have."""

import subprocess
import sys

from benchmarks.peers.peer import REQUIREMENTS
from shop.localaws.install import ROOT

FRAMEWORK = ("Django", "djangorestframework")


def pinned(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text().splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def test_the_worker_needs_no_package_of_the_shop_s() -> None:
    """GIVEN a Python without any package WHEN it is the worker of a side of which nobody knows
    THEN all that it misses is the side."""
    command = [sys.executable, "-S", "-m", "benchmarks.worker", "nobody"]
    done = subprocess.run(
        command, cwd=ROOT, env={}, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.stderr.splitlines()[-1] == "KeyError: 'nobody'"


def test_both_shops_run_on_the_same_framework() -> None:
    ours, theirs = pinned("requirements.txt"), pinned(REQUIREMENTS.name)
    assert {name: theirs[name] for name in FRAMEWORK} == {name: ours[name] for name in FRAMEWORK}
