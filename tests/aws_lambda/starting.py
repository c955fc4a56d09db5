"""New processes that start as Lambda starts them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from infrastructure.targets import ROOT
from tests.aws_lambda.conftest import Handler
from tests.aws_lambda.stages import load_stage

SERVE = """
import json, sys
answers, sys.stdout = sys.stdout, sys.stderr  # Zappa prints
from {module} import lambda_handler
{hook}
for line in sys.stdin:
    print(json.dumps(lambda_handler(json.loads(line), None)), file=answers, flush=True)
"""


def serve(module: str = "shop.lambda_function", hook: str = "") -> str:
    """The code of a process that answers events by a module's handler; `hook` runs before."""
    return SERVE.format(module=module, hook=hook)


def start(code: str, folder: Path, *arguments: Any, **variables: str) -> Any:
    """What `code` printed last, as JSON; `arguments` are JSON in its `sys.argv`.

    Raises subprocess's CalledProcessError with what it said, if it failed.
    """
    done = subprocess.run(
        [sys.executable, "-c", code, *map(json.dumps, arguments)],
        cwd=folder,
        env=environment(folder, **variables),
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def running(folder: Path, **variables: str) -> Iterator[Handler]:
    """The handler of a process that goes on, told by `variables` where it stands.

    What it logs is in `folder`.
    """
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", serve()],
            cwd=folder,
            env=environment(folder, **variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdin and process.stdout
    requests, answers = process.stdin, process.stdout

    def handler(event: dict[str, Any], context: Any) -> Any:
        requests.write(json.dumps(event) + "\n")
        requests.flush()
        line = answers.readline()
        assert line, (folder / "log").read_text()
        return json.loads(line)

    with process:
        yield handler
        requests.close()  # it ends with its input


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """`folder` gets the module that Zappa would put into the package. The tables are the test's."""
    text = load_stage("production").get_zappa_settings_string()
    (folder / "zappa_settings.py").write_text(text)
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT": "1",
        "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
        "SHOP_ALLOWED_HOSTS": ".amazonaws.com",
        "SHOP_TABLE_PREFIX": connection.settings_dict["NAME"],
        **variables,
    }
