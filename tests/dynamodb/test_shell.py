"""`manage.py dbshell`: reads with SQL, writes nothing, survives whatever is typed."""

from contextlib import nullcontext
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from dynamodb.scans import scan_policy
from tests.dynamodb.app.models import Item
from tests.dynamodb.conftest import PREFIX
from tests.dynamodb.engine import connection

pytestmark = pytest.mark.usefixtures("tables")

ONLY = "Only SELECT, EXPLAIN, WITH, VALUES: this prompt writes nothing."


@pytest.fixture(autouse=True)
def items(tables: None) -> None:
    Item.objects.create(sku="CUP", stock=5)
    Item.objects.create(sku="MUG", title="x" * 50)


ANSWERS = {
    "SELECT sku, stock, made FROM engine_item ORDER BY sku":
        "sku  stock  made\nCUP  5      NULL\nMUG  0      NULL\n(2 rows)",
    "select title from engine_item where sku = 'MUG';":
        f"title\n{'x' * 40}\n(1 rows)",
    "SELECT sku, made FROM engine_item WHERE sku = 'none'": "sku  made\n(0 rows)",
    "VALUES (1, NULL)": "column1  column2\n1        NULL\n(1 rows)",
    "WITH few AS (SELECT sku FROM engine_item WHERE stock > 1) SELECT COUNT(*) AS n FROM few":
        "n\n1\n(1 rows)",
    "SELECT": "OperationalError: incomplete input",
    "SELECT * FROM none": "OperationalError: no such table: none",
    "SELECT none FROM engine_item": "OperationalError: no such column: none",
    "DELETE FROM engine_item": ONLY,
    "update engine_item set stock = 1": ONLY,
    "INSERT INTO engine_item (sku) VALUES ('x')": ONLY,
    "PRAGMA schema_version": ONLY,
    "DROP TABLE engine_item": ONLY,
    "help": ONLY,
}  # fmt: skip


@pytest.mark.parametrize("line", ANSWERS)
def test_answers(line: str) -> None:
    assert connection.client.answer(line) == ANSWERS[line]
    assert Item.objects.count() == 2


def test_tables() -> None:
    names = connection.client.answer("tables;").split("\n")

    assert {"engine_item", "engine_item_tags", "engine_maker"} <= set(names)
    assert "unique_guards" not in names


def test_the_plan() -> None:
    answer = connection.client.answer("EXPLAIN QUERY PLAN SELECT title FROM engine_item")

    assert f"Scan of all {PREFIX}engine_item" in answer


def test_a_scan_that_is_forbidden() -> None:
    with scan_policy("forbid"):
        answer = connection.client.answer("SELECT * FROM engine_item WHERE stock = 1")

    assert answer.startswith("ScanForbidden: No index of engine_item serves this query")


WRITES_BEHIND = [
    "WITH x AS (SELECT 'CUP') DELETE FROM engine_item",
    "WITH x AS (SELECT 'CUP') UPDATE engine_item SET stock = 1",
    "SELECT 1; DELETE FROM engine_item",
    "SELECT 1; UPDATE engine_item SET stock = 1",
]


@pytest.mark.parametrize("line", WRITES_BEHIND)
def test_a_write_behind_a_read(line: str) -> None:
    answer = connection.client.answer(line)

    assert answer == ONLY
    assert list(Item.objects.order_by("sku").values_list("stock", flat=True)) == [5, 0]


@pytest.mark.parametrize("inside", [False, True])
def test_raw_sql_that_writes_behind_a_with(inside: bool) -> None:
    sql = (
        "WITH x AS (SELECT 'MUG' AS sku) "
        "UPDATE engine_item SET stock = 7 WHERE sku IN (SELECT sku FROM x)"
    )
    with transaction.atomic() if inside else nullcontext(), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount == 1

    assert Item.objects.get(pk="MUG").stock == 7


def test_the_prompt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    typed = iter(["SELECT stock FROM engine_item WHERE sku = 'CUP'", "nonsense"])

    def read(prompt: str) -> str:
        assert prompt == "dynamodb> "
        line = next(typed, None)
        if line is None:
            raise EOFError
        return line

    monkeypatch.setattr("builtins.input", read)
    call_command("dbshell")

    out: Any = capsys.readouterr().out
    assert out.splitlines()[1:] == ["stock", "5", "(1 rows)", ONLY]
