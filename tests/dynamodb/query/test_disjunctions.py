"""An OR over indexed columns: SQLite walks one index after the other, and tells rows apart."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Max, Q

from dynamodb.calls import record
from tests.dynamodb.app.models import Entry
from tests.dynamodb.engine import connection
from tests.dynamodb.sent import requests

EITHER = Q(group=3) | Q(group__in=[4, 5])
OVERLAPPING = Q(group=3) | Q(group=3, rank__gte=15) | Q(name="n1")


@pytest.fixture(autouse=True)
def entries(tables: None) -> None:
    Entry.objects.bulk_create(
        Entry(id=n + 1, group=n % 6, rank=n, name=f"n{n % 4}", amount=n) for n in range(30)
    )


def rows(condition: Q) -> list[int]:
    """By Python's own reading of the rows."""
    meets = {
        EITHER: lambda entry: entry.group in (3, 4, 5),
        OVERLAPPING: lambda entry: entry.group == 3 or entry.name == "n1",
    }[condition]
    return sorted(entry.pk for entry in Entry.objects.all() if meets(entry))


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (lambda found: found.count(), 15),
        (lambda found: found.exists(), True),
        (lambda found: sorted(found.values_list("group", flat=True).distinct()), [3, 4, 5]),
        (lambda found: found.aggregate(most=Max("group"))["most"], 5),
        (lambda found: found.order_by("group").values_list("group", flat=True)[14], 5),
    ],
)
def test_what_looks_at_the_indexed_column_alone(ask: Callable[[Any], Any], expected: Any) -> None:
    assert ask(Entry.objects.filter(EITHER)) == expected


def test_a_row_of_two_branches_counts_once() -> None:
    found = Entry.objects.filter(OVERLAPPING)
    assert found.count() == len(rows(OVERLAPPING)) == 11
    assert sorted(found.values_list("pk", flat=True)) == rows(OVERLAPPING)


def test_numbers_of_rows_in_raw_sql() -> None:
    """SQLite's own name for a row, asked of rows that nothing else is asked of."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT rowid FROM engine_entry WHERE "group" = 3')
        assert len({number for (number,) in cursor.fetchall()}) == 5
        cursor.execute('SELECT COUNT(DISTINCT rowid) FROM engine_entry WHERE "group" = 3')
        assert cursor.fetchone() == (5,)


def test_what_an_or_tells_apart_is_not_counted_first() -> None:
    """A Query of each group, for its rows."""
    with requests() as sent:
        assert Entry.objects.filter(EITHER).count() == 15
    assert [(name, params.get("Select")) for name, params in sent] == [("Query", None)] * 3


def test_without_an_or_rows_are_only_counted() -> None:
    with record() as calls:
        assert Entry.objects.filter(group=3).count() == 5
    assert [(call.operation, call.units) for call in calls] == [("Query", 0.5)]
