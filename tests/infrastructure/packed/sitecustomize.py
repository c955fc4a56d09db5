"""For processes that have this folder in their PYTHONPATH: Zappa takes the package at
SHOP_TEST_PACKAGE, made once, in place of making it anew, which is most of a deployment's time.
"""

import importlib.abc
import importlib.util
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

PACKAGE = os.environ.get("SHOP_TEST_PACKAGE", "")


def take_package(self: Any, prefix: str = "", **options: Any) -> str:
    name = f"{prefix}-{time.time():.0f}.zip"
    shutil.copy(PACKAGE, name)
    return name


def leave_package(path: Path, target: Any, **options: Any) -> int:
    shutil.copy(PACKAGE, path)  # Zappa has added to it what is in it
    return path.stat().st_size


def patch(module: Any) -> None:
    if module.__name__ == "zappa.core":
        module.Zappa.create_lambda_zip = take_package
    else:
        module.rebuild = leave_package


class Finder(importlib.abc.MetaPathFinder):
    """Patches two modules once they are loaded."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name not in {"zappa.core", "infrastructure.package"}:
            return None
        sys.meta_path.remove(self)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            sys.meta_path.insert(0, self)
        assert spec and spec.loader
        load = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            load(module)
            patch(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


if PACKAGE:
    sys.meta_path.insert(0, Finder())
