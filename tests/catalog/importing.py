"""Running the import as people do, and what it said."""

from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command


@dataclass
class Said:
    """The lines on stdout and on stderr, and the command's last word; empty for success."""

    out: list[str]
    errors: list[str]
    end: str


def import_file(path: Path, **options: Any) -> Said:
    out, errors, end = StringIO(), StringIO(), ""
    try:
        call_command("import_catalogue", path, stdout=out, stderr=errors, **options)
    except CommandError as error:
        end = str(error)
    return Said(out.getvalue().splitlines(), errors.getvalue().splitlines(), end)
