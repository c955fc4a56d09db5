"""`manage.py dbshell`: a small prompt that reads with SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db import Error
from django.db.backends.base.client import BaseDatabaseClient

from dynamodb.query.statements import single, verb

READS = ("SELECT", "EXPLAIN", "WITH", "VALUES")
PLAN = re.compile(r"VIRTUAL TABLE INDEX \d+:")
WIDEST = 40  # characters of a column


class DatabaseClient(BaseDatabaseClient):
    """SQL over the models' tables. Queries without an index scan; nothing is written."""

    executable_name = "dynamodb"
    connection: Any

    def runshell(self, parameters: Iterable[str]) -> None:
        print('Reads with SQL. "tables" lists the tables, an empty line ends.')  # noqa: T201
        while line := read_line():
            print(self.answer(line))  # noqa: T201

    def answer(self, line: str) -> str:
        """What the prompt says to one line."""
        if line.lower().rstrip(";") == "tables":
            return "\n".join(self.connection.introspection.table_names())
        if verb(line) not in READS or not single(line):
            return f"Only {', '.join(READS)}: this prompt writes nothing."
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(line.rstrip(";"))
                names = [column[0] for column in cursor.description or ()]
                return grid([names, *cursor.fetchall()])
        except Error as error:
            return f"{type(error).__name__}: {error}"


def read_line() -> str:
    try:
        return input("dynamodb> ").strip()
    except EOFError:
        return ""


def shown(text: str) -> str:
    """A cell's text, cut off; a plan is shown whole."""
    return text if PLAN.search(text) else text[:WIDEST]


def grid(rows: list[Any]) -> str:
    """Rows as aligned text, the first one the head."""
    cells = [["NULL" if cell is None else shown(str(cell)) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]
    return "\n".join([*lines, f"({len(rows) - 1} rows)"])
