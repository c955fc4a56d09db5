"""`manage.py check_guards`: what it finds, what it mends, and what it leaves to people."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from dynamodb.rows import auditing
from tests.dynamodb.app.models import Box, Maker, Seat
from tests.dynamodb.engine import connection
from tests.dynamodb.guards import Params, changed

pytestmark = pytest.mark.usefixtures("server")

LEFT = "1 of 1 findings are left. "
LOOK = "Of two rows that share a value change or delete one, and run it again."


def check(*options: str) -> list[str]:
    """The lines; the last is the error's, if it ended with one."""
    out = StringIO()
    try:
        call_command("check_guards", *options, stdout=out)
    except CommandError as error:
        out.write(f"{error}\n")
    return out.getvalue().splitlines()


def send(operation: str, table: str, **params: Any) -> Any:
    name = connection.table_prefix + table
    return connection.dynamodb.call(operation, {"TableName": name, **params})


def vanish(maker: Maker) -> None:
    send("DeleteItem", "engine_maker", Key={"id": {"N": str(maker.pk)}})


def lose(guard: str) -> None:
    send("DeleteItem", connection.guard_name, Key={"id": {"S": guard}})


def named(name: str) -> str:
    return f'engine_maker#name#["{name}"]'


AGREE = "Unique values and guards agree; {} were mended."


def test_all_agree() -> None:
    Maker.objects.create(name="Ada")
    Seat.objects.create(hall="a", number=1, holder="Ada")
    Seat.objects.create(hall="a", number=2, holder="Ada", active=False)
    Box.objects.create(shelf="s", label="l", code="x" * 1500)
    Box.objects.create(shelf="s", label="m")
    assert check() == [AGREE.format(0)]


def test_a_guard_without_its_row() -> None:
    ada, bea = Maker.objects.create(name="Ada"), Maker.objects.create(name="Bea")
    vanish(ada)
    finding = f"{named('Ada')}: without its row (engine_maker {ada.pk})"
    assert check() == [finding, LEFT + "--mend mends all but values that two rows share."]
    assert check("--mend") == [f"{finding}: mended", AGREE.format(1)]
    assert check() == [AGREE.format(0)]
    assert [m.pk for m in Maker.objects.filter(name__in=["Ada", "Bea"])] == [bea.pk]


def test_a_row_without_its_guards() -> None:
    seat = Seat.objects.create(hall="a", number=1, holder="Ada")
    lose('engine_seat#hall,number#["a","1"]')
    lose('engine_seat#one_seat_each#["Ada"]')
    lines = check("--mend")
    assert sorted(lines[:-1]) == [
        f'engine_seat#hall,number#["a","1"]: without a guard (engine_seat {seat.pk}): mended',
        f'engine_seat#one_seat_each#["Ada"]: without a guard (engine_seat {seat.pk}): mended',
    ]
    assert Seat.objects.get(hall="a", number=1).pk == seat.pk
    assert check() == [AGREE.format(0)]


def test_a_guard_of_a_row_that_has_another_value_now() -> None:
    """As `bulk.load` over a row, or a hand, leaves it."""
    ada = Maker.objects.create(name="Ada")
    send(
        "UpdateItem", "engine_maker", Key={"id": {"N": str(ada.pk)}},
        UpdateExpression="SET #n = :n", ExpressionAttributeNames={"#n": "name"},
        ExpressionAttributeValues={":n": {"S": "Bea"}},
    )  # fmt: skip
    assert [line.rpartition(" (")[0] for line in check("--mend")[:-1]] == [
        f"{named('Bea')}: without a guard",
        f"{named('Ada')}: without its row",
    ]
    assert check() == [AGREE.format(0)]
    assert Maker.objects.get(name="Bea").pk == ada.pk
    Maker.objects.create(name="Ada")


def test_a_guard_that_names_a_row_which_never_had_it() -> None:
    ada, bea = Maker.objects.create(name="Ada"), Maker.objects.create(name="Bea")
    guard = {"id": {"S": named("Ada")}, "owner": {"M": {"id": {"N": str(bea.pk)}}}}
    send("PutItem", connection.guard_name, Item=guard)
    assert check("--mend")[-1] == AGREE.format(1)
    assert Maker.objects.get(name="Ada").pk == ada.pk


def test_two_rows_of_one_value_are_left_to_people() -> None:
    ada = Maker.objects.create(name="Ada")
    twin = {"id": {"N": "7"}, "name": {"S": "Ada"}, "country": {"S": ""}}
    send("PutItem", "engine_maker", Item=twin)
    finding = f"{named('Ada')}: of two rows (engine_maker 7)"
    assert check("--mend") == [finding, LEFT + LOOK]
    assert Maker.objects.get(name="Ada").pk == ada.pk


def test_what_changes_meanwhile_is_left_alone() -> None:
    """The row comes back between the second look and the write."""
    ada = Maker.objects.create(name="Ada")
    item = send("GetItem", "engine_maker", Key={"id": {"N": str(ada.pk)}})["Item"]
    vanish(ada)

    def come_back(operation: str, params: Params) -> Params:
        if operation == "TransactWriteItems":
            name = f"{connection.table_prefix}engine_maker"
            connection.dynamodb.attempt("PutItem", {"TableName": name, "Item": item}, True)
        return params

    with changed(come_back):
        assert check("--mend")[-1] == LEFT + LOOK
    assert check() == [AGREE.format(0)]
    assert Maker.objects.get(name="Ada").pk == ada.pk


def test_what_was_written_while_it_read_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows and guards are read one after the other: each finding is looked at again."""
    read = auditing.read_guards

    def late(store: Any) -> Any:
        guards = read(store)
        Maker.objects.create(name="Ada")
        return guards

    monkeypatch.setattr(auditing, "read_guards", late)
    assert check() == [AGREE.format(0)]
