"""New processes that start as Lambda starts them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.db import connection

from infrastructure.targets import ROOT
from tests.aws_lambda.stages import load_stage


def start(code: str, folder: Path, *arguments: Any, **variables: str) -> Any:
    """What `code` printed last, as JSON; `arguments` are JSON in its `sys.argv`.

    `folder` gets the module that Zappa would put into the package. The tables are the test's.
    Raises subprocess's CalledProcessError with what it said, if it failed.
    """
    text = load_stage("production").get_zappa_settings_string()
    (folder / "zappa_settings.py").write_text(text)
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT": "1",
        "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
        "SHOP_ALLOWED_HOSTS": ".amazonaws.com",
        "SHOP_TABLE_PREFIX": connection.settings_dict["NAME"],
        **variables,
    }
    done = subprocess.run(
        [sys.executable, "-c", code, *map(json.dumps, arguments)],
        cwd=folder,
        env=environ,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])
