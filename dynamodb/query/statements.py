"""What a statement's text says of it."""

from __future__ import annotations

import re

DEFINITION = re.compile(r"\s*(CREATE|ALTER)\s", re.IGNORECASE)
TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|[();]|\w+""", re.DOTALL)
FIRST_WORD = re.compile(r"\W*(\w+)")
VERBS = {"SELECT", "VALUES", "INSERT", "UPDATE", "DELETE", "REPLACE"}
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def verb(sql: str) -> str:
    """The word that says what a statement does, in capitals: behind WITH, the one outside
    of all parentheses."""
    found = FIRST_WORD.match(sql)
    first = found[1].upper() if found else ""
    if first != "WITH":
        return first
    depth = 0
    for token in TOKEN.findall(sql):
        depth += {"(": 1, ")": -1}.get(token, 0)
        if depth == 0 and token.upper() in VERBS:
            return str(token.upper())
    return first


def single(sql: str) -> bool:
    """Whether this is one statement only."""
    return ";" not in TOKEN.findall(sql.rstrip().rstrip(";"))
