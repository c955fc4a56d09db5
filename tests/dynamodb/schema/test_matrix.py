"""Every operation on every kind of column, over rows that fit and rows that do not: what comes of
it, and the rows afterwards, are SQLite's. Where they are not, the reason is here."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.dynamodb.plain import empty_sqlite
from tests.dynamodb.schema.kinds import KINDS, Kind
from tests.dynamodb.schema.scripts import SCRIPTS, made
from tests.dynamodb.schema.twins import Side, twins

pytestmark = pytest.mark.usefixtures("tables")

ROWS = int(os.environ.get("SHOP_TEST_ROWS", "3"))  # make migrations: 2,000
#: What the last row has as its value: none, the first one's, or another one.
LAST = ["NULL", "twice"] if ROWS < 100 else ["NULL", "twice", "another"]
#: Kinds that are stored as others are: in `make migrations` only.
LIKE_OTHERS = {"address", "bigint", "digits", "text"} if ROWS < 100 else set()
#: Without a primary key, which SQLite's table is in between. DynamoDB's rows keep the one of
#: before, out of sight, until there is another; what is read and written meanwhile is not compared.
KEYLESS = {"another primary key"}
DIFFERENT = {
    ("primary key", "integer"): "An integer primary key without a value gets SQLite's next number.",
    ("another primary key", "integer"): "The same.",
    ("primary key", "json"): "DynamoDB has no key that is JSON.",
    ("another primary key", "json"): "The same.",
    ("primary key", "binary"): "DynamoDB has no key of no bytes, which Django writes for None.",
    ("another primary key", "binary"): "The same.",
}


@pytest.fixture(scope="module")
def plain() -> Iterator[str]:
    with empty_sqlite() as alias:
        yield alias


def rows(kind: Kind, last: str) -> list[dict[str, Any]]:
    """Distinct values, as far as there are some, and the last row's."""
    found = [{"id": n + 1, "value": kind.value(n), "flag": n % 3 != 1} for n in range(ROWS)]
    value = {"NULL": None, "twice": found[0]["value"], "another": kind.value(ROWS)}[last]
    return [*found, {"id": ROWS + 1, "value": value, "flag": True}]


def story(side: Side, kind: Kind, script: str, last: str) -> list[Any]:
    """What comes of the operations, of a row like the first, of one without a value, and what can
    be read after each."""
    found: list[Any] = [side.run(made(kind))]
    side.fill(rows(kind, last))
    operations = SCRIPTS[script](kind)
    for operation in operations:
        found.append((operation.describe(), side.run(operation)))
        if script not in KEYLESS or operation is operations[-1] and found[-1][1] == "done":
            found.append(side.rows())
    if script in KEYLESS and found[-1] != side.rows():
        return found
    first = kind.value(0)
    for n, value in enumerate((first, None)):
        row = {
            "id": 500_000 + n,
            "flag": True,
            "value": value,
            "worth": value,
            "more": kind.value(9),
        }
        found.append((value, side.insert(**row)))
    return [
        *found,
        side.rows(),
        side.where(flag=True),
        side.where(value=first),
        side.where(worth=first),
    ]


@pytest.mark.parametrize("last", LAST)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in LIKE_OTHERS])
def test_operations(plain: str, kind: str, last: str) -> None:
    wrong = []
    for script in SCRIPTS:
        if (script, kind) in DIFFERENT:
            continue
        with twins(plain) as (sqlite, engine):
            there = story(sqlite, KINDS[kind], script, last)
            here = story(engine, KINDS[kind], script, last)
        wrong += [(script, *pair) for pair in zip(there, here, strict=True) if pair[0] != pair[1]]
    assert wrong == []
