"""Clients that generators make of the schema pass their strictest checks, and buy."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from shop.localaws.install import ROOT
from tests.conftest import PASSWORD
from tests.contract import typescript
from tests.contract.conftest import USERNAME

HERE = Path(__file__).resolve().parent
TIMEOUT = 240  # seconds for one program
SEEN = {
    "guest": {
        "sold": [["MUG-RED", 2]],
        "problem": None,
        "total": "28.90",
        "same order": True,
        "states": ["created", "prepared", "confirmed"],
        "placed at": True,
        "a stranger": "order_not_found",
    },
    "customer": {
        "wrong password": "no_active_account",
        "orders": [True],
        "lines": [0, 0],
        "no such line": "cart_line_not_found",
        "too many": "invalid quantity",
    },
}


def run(command: Sequence[str | Path], folder: Path, **env: str) -> str:
    """What the program wrote; the test fails with all of it if it did not end well."""
    done = subprocess.run(
        [str(each) for each in command],
        cwd=folder,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def python(*command: str | Path, folder: Path) -> str:
    """A program of this environment; ruff, which formats the client, is found beside it."""
    programs = Path(sys.executable).parent
    return run([sys.executable, *command], folder, PATH=f"{programs}:{os.environ['PATH']}")


def test_python(url: str, schema_file: Path, tmp_path: Path) -> None:
    """openapi-python-client, mypy --strict."""
    (tmp_path / "purchase.py").write_text((HERE / "purchase.py").read_text())
    generate = ("-m", "openapi_python_client", "generate", "--fail-on-warning", "--meta", "none")
    where = ("--path", schema_file, "--output-path", "shop_client")
    python(*generate, *where, folder=tmp_path)
    check = ("-m", "mypy", "--config-file", HERE / "mypy.ini")
    cache = ("--cache-dir", ROOT / ".mypy_cache" / "contract")
    python(*check, *cache, "purchase.py", "shop_client", folder=tmp_path)

    bought = python("purchase.py", url, USERNAME, PASSWORD, folder=tmp_path)

    assert json.loads(bought) == SEEN


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The TypeScript program and its packages."""
    if not typescript.is_installed():
        pytest.skip("the TypeScript client is not proven: `make test` installs what it takes")
    for name in ("package.json", "tsconfig.json", "purchase.ts"):
        (tmp_path / name).write_text((typescript.SOURCE / name).read_text())
    (tmp_path / "node_modules").symlink_to(typescript.FOLDER / "node_modules")
    return tmp_path


def test_typescript(url: str, schema_file: Path, project: Path) -> None:
    """openapi-typescript and openapi-fetch, tsc --strict."""
    packages = project / "node_modules"
    generator = packages / "openapi-typescript" / "bin" / "cli.js"
    run(["node", generator, schema_file, "--output", "schema.ts"], project)
    run(["node", packages / "typescript" / "bin" / "tsc", "--project", "."], project)

    bought: Any = run(["node", "purchase.js", url, USERNAME, PASSWORD], project)

    assert json.loads(bought) == SEEN
