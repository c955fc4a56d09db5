"""What `manage.py` and `python -m shop` say when they cannot begin."""

import os
import subprocess
import sys

import pytest

from shop.localaws.install import ROOT


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a Python in whose environment there is nothing else."""
    command = [sys.executable, *arguments]
    environ = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_no_secret_key() -> None:
    """A sentence, and no traceback before it."""
    assert run("manage.py", "check") == (
        1,
        "",
        "Set the environment variable SHOP_SECRET_KEY, or SHOP_SECRET_KEY_NAME (see "
        "docs/settings.md), or use `make run`, which sets everything for a laptop.\n",
    )


@pytest.mark.parametrize("port", ["0", "80000", "abc", "-1", "8080.0"])
def test_no_port(port: str) -> None:
    code, printed, errors = run("-m", "shop", f"--port={port}")
    assert (code, printed) == (2, "")
    assert errors.splitlines()[-1] == (
        f"python -m shop: error: argument --port: {port} is not a port: choose one from 1 to 65535."
    )
