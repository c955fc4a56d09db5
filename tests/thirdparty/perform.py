"""`python -m tests.thirdparty.perform FOLDER ENGINE FILE`: one app's operations on one engine.

A process of its own; the answers go to the file as JSON, by the operations' names.
"""

import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

from tests.thirdparty.operations import OPERATIONS, answer_of
from tests.thirdparty.settings import settings_of


def main(folder: str, engine: str, file: str) -> None:
    settings.configure(**settings_of(folder, engine))
    django.setup()
    answers: dict[str, Any] = {}
    note(answers, "migrate", migrate)
    if answers["migrate"] == "migrated":
        import_module(f"tests.thirdparty.{folder}.operations")
        for each in OPERATIONS:
            note(answers, each.__name__, each)
    Path(file).write_text(json.dumps(answers, indent=1))


def note(answers: dict[str, Any], name: str, run: Any) -> None:
    started = time.monotonic()
    # As it is read again: a tuple is a list.
    answers[name] = json.loads(json.dumps(answer_of(run), default=str))
    print(f"{name}: {time.monotonic() - started:.2f} s", flush=True)  # noqa: T201  into the log


def migrate() -> str:
    """From nothing to today's tables."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    return "migrated"


if __name__ == "__main__":
    main(*sys.argv[1:])
