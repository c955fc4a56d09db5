"""What goes past SQLite is done by its own statement, and by no other."""

from typing import Any

import pytest
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from tests.dynamodb.app.models import Doctor, Maker
from tests.dynamodb.engine import connection

pytestmark = pytest.mark.usefixtures("tables")


class Blocked(Exception):
    """What a wrapper raises."""


def block(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    raise Blocked


def test_a_statement_that_was_blocked_is_not_done_by_the_next() -> None:
    Doctor.objects.create(name="Ada", ward="b")
    for change in (
        lambda: Maker.objects.create(name="x"),
        lambda: Doctor.objects.filter(pk="Ada").update(shifts=F("shifts") + 1),
    ):
        with pytest.raises(Blocked), connection.execute_wrapper(block):
            change()
    assert Maker.objects.count() == 0
    assert Doctor.objects.get().shifts == 0


def test_a_wrapper_may_ask_something_itself() -> None:
    found: list[Any] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")):
            with connection.cursor() as cursor:
                found.append(cursor.execute("SELECT 7").fetchone())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        maker = Maker.objects.create(name="x")
        Doctor.objects.create(name="Ada", ward="b")
        assert Doctor.objects.filter(pk="Ada").update(shifts=F("shifts") + 1) == 1
    assert found == [(7,)] * 3
    assert Maker.objects.get().pk == maker.pk
    assert Doctor.objects.get().shifts == 1


def test_the_log_of_a_statement_does_not_do_it_again() -> None:
    with CaptureQueriesContext(connection) as logged:
        Maker.objects.create(name="x")
        Doctor.objects.create(name="Ada", ward="b")
        Doctor.objects.filter(pk="Ada").update(shifts=F("shifts") + 1)
    assert Maker.objects.count() == 1
    assert Doctor.objects.get().shifts == 1
    texts = [query["sql"] for query in logged.captured_queries]
    assert any("INSERT" in text and "'Ada'" in text for text in texts)
    assert any(text.startswith("UPDATE") and "+ 1" in text for text in texts)
