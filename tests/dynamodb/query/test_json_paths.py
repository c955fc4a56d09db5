"""One path of a JSONField: set or removed without a look at the rest."""

import re
from threading import Barrier
from typing import Any

import pytest
from django.db import DataError, transaction
from django.db.models import F

from dynamodb.errors import ConflictError
from dynamodb.expressions import JSONRemove, JSONSet
from tests.cart.races import at_once
from tests.dynamodb.app.models import Maker, Parcel
from tests.dynamodb.faults import Proxy, cut_before, refused
from tests.dynamodb.guards import PATIENCE
from tests.dynamodb.sent import requests

pytestmark = pytest.mark.usefixtures("server")

MUG = {"quantity": 2, "tags": ["é", None, 1.5, True]}
ODD_KEYS = [
    "a.b",
    "it's",
    "ключ",
    "a b",
    "a[0]",
    "#0",
    ":0",
    "$",
    "a\\b",
    '12" disc',
    "\N{GRINNING FACE}",
]


@pytest.fixture(params=["alone", "inside"])
def where(request: pytest.FixtureRequest, server: str) -> str:
    """Outside of any transaction, or in one."""
    Parcel.objects.create(code="P", lines={"kept": 1, "map": {"x": 1}})
    return str(request.param)


def update(where: str, **values: Any) -> int:
    if where == "alone":
        return Parcel.objects.filter(pk="P").update(**values)
    with transaction.atomic():
        return Parcel.objects.filter(pk="P").update(**values)


def lines() -> Any:
    return Parcel.objects.get(pk="P").lines


def test_set_and_remove(where: str) -> None:
    assert update(where, lines=JSONSet("lines", "MUG", value=MUG)) == 1
    assert lines() == {"kept": 1, "map": {"x": 1}, "MUG": MUG}

    assert update(where, lines=JSONSet("lines", "map", "y", value=None)) == 1
    assert update(where, lines=JSONRemove("lines", "MUG")) == 1
    assert update(where, lines=JSONRemove("lines", "map", "x")) == 1
    assert lines() == {"kept": 1, "map": {"y": None}}


def test_one_request_names_only_the_path(where: str) -> None:
    with requests() as seen:
        update(where, lines=JSONSet("lines", "map", "y", value=2), weight=F("weight") + 1)

    operation, params = seen[-1]
    assert operation == "UpdateItem"
    assert len(seen) == (1 if where == "alone" else 2)  # inside, a GetItem comes first
    assert params["UpdateExpression"] == "SET #1.#2.#3 = :0, #4 = #4 + :1"
    assert params["ConditionExpression"] == "attribute_exists(#0) AND #4 <= :2"
    assert params["ExpressionAttributeNames"] == {
        "#0": "code", "#1": "lines", "#2": "map", "#3": "y", "#4": "weight",
    }  # fmt: skip
    assert params["ExpressionAttributeValues"] == {
        ":0": {"N": "2"}, ":1": {"N": "1"}, ":2": {"N": str(2**63 - 2)},
    }  # fmt: skip


def test_what_is_not_there(where: str) -> None:
    missing = Parcel.objects.filter(pk="none")

    assert update(where, lines=JSONRemove("lines", "none")) == 1
    assert missing.update(lines=JSONSet("lines", "MUG", value=1)) == 0
    assert lines() == {"kept": 1, "map": {"x": 1}}
    assert not missing.exists()


def test_no_map_holds_the_path(where: str) -> None:
    with pytest.raises(DataError, match=r"No map holds the path|document path"):
        update(where, lines=JSONSet("lines", "none", "x", value=1))

    assert lines() == {"kept": 1, "map": {"x": 1}}


@pytest.mark.parametrize("keys", [("kept", "x"), ("map", "x", "deep")])
def test_a_number_holds_no_path(where: str, keys: tuple[str, ...]) -> None:
    """Said by the engine inside a transaction; alone it is DynamoDB's word, not ministack's."""
    with pytest.raises(DataError, match=re.escape(f"No map holds the path {list(keys)}: set the")):
        update("inside", lines=JSONSet("lines", *keys, value=1))

    assert lines() == {"kept": 1, "map": {"x": 1}}


@pytest.mark.parametrize("key", ODD_KEYS)
def test_odd_keys(where: str, key: str) -> None:
    update(where, lines=JSONSet("lines", key, value=1))
    assert lines() == {"kept": 1, "map": {"x": 1}, key: 1}

    update(where, lines=JSONSet("lines", "map", key, value={key: "deep"}))
    assert lines()["map"] == {"x": 1, key: {key: "deep"}}

    update(where, lines=JSONRemove("lines", key))
    assert lines() == {"kept": 1, "map": {"x": 1, key: {key: "deep"}}}


def test_a_path_needs_a_key() -> None:
    with pytest.raises(ValueError, match="at least one key"):
        JSONRemove("lines")


def test_through_sqlite_it_is_the_same(where: str) -> None:
    """Not by primary key, or one within the other: SQLite computes the whole column."""
    Parcel.objects.filter(weight=0).update(lines=JSONSet("lines", "a.b", value=MUG))
    update(where, lines=JSONRemove(JSONSet("lines", "c", value=3), "kept"))

    assert lines() == {"map": {"x": 1}, "a.b": MUG, "c": 3}


@pytest.mark.parametrize("key", [*ODD_KEYS, "plain"])
def test_odd_keys_through_sqlite(where: str, key: str) -> None:
    everything = Parcel.objects.filter(weight=0)
    everything.update(lines=JSONSet("lines", "map", key, value={key: 1.5}))
    assert lines() == {"kept": 1, "map": {"x": 1, key: {key: 1.5}}}

    everything.update(lines=JSONRemove("lines", "map", key))
    assert lines() == {"kept": 1, "map": {"x": 1}}


@pytest.mark.parametrize("change", [JSONSet("lines", "none", "x", value=1),
                                    JSONRemove("lines", "none", "x"),
                                    JSONSet("lines", "kept", "x", value=1)])  # fmt: skip
def test_no_map_holds_the_path_through_sqlite_either(where: str, change: Any) -> None:
    with pytest.raises(DataError, match="No map holds the path"):
        Parcel.objects.filter(weight=0).update(lines=change)

    assert lines() == {"kept": 1, "map": {"x": 1}}


def test_several_paths_in_one_transaction(where: str) -> None:
    with transaction.atomic():
        for n in range(3):
            update("alone", lines=JSONSet("lines", f"k{n}", value=n))
        assert lines() == {"kept": 1, "map": {"x": 1}, "k0": 0, "k1": 1, "k2": 2}

    assert lines() == {"kept": 1, "map": {"x": 1}, "k0": 0, "k1": 1, "k2": 2}


@pytest.mark.parametrize(
    "applied",
    [True,
     False],
)  # fmt: skip
def test_a_path_whose_answer_was_lost(proxy: Proxy, applied: bool) -> None:
    """The second attempt fails the condition: whether the first was carried out is seen by
    the path itself."""
    Parcel.objects.create(code="P", status="open")
    lines = {"M": {"MUG": {"N": "1"}} if applied else {}}
    refusal = refused("ConditionalCheckFailedException", Item={"code": {"S": "P"}, "lines": lines})
    proxy.inject("UpdateItem", cut_before(), refusal)

    changed = Parcel.objects.filter(pk="P", status="open").update(
        lines=JSONSet("lines", "MUG", value=1)
    )

    assert (changed, proxy.attempts) == (int(applied), 2)


# Two at once, on two paths of one row -------------------------------------------------


def by_path(parcel: Parcel, key: str) -> None:
    Parcel.objects.filter(pk=parcel.pk).update(lines=JSONSet("lines", key, value=key))


def whole(parcel: Parcel, key: str) -> None:
    parcel.lines[key] = key
    parcel.save(update_fields=["lines"])


def both_write(write: Any) -> list[str]:
    """Both have read the row before either commits; each has a second write to commit."""
    Parcel.objects.create(code="P", lines={})
    meeting = Barrier(2)

    def run(key: str) -> str:
        try:
            with transaction.atomic():
                parcel = Parcel.objects.get(pk="P")
                write(parcel, key)
                Maker.objects.create(name=key)
                meeting.wait(PATIENCE)
        except ConflictError:
            return "conflict"
        return "written"

    return sorted(at_once(lambda: run("a"), lambda: run("b")))


def test_two_paths_do_not_conflict() -> None:
    assert both_write(by_path) == ["written", "written"]

    assert lines() == {"a": "a", "b": "b"}


def test_the_whole_column_conflicts() -> None:
    """The same with a save of the column: one of the two is turned away."""
    assert both_write(whole) == ["conflict", "written"]

    assert len(lines()) == 1


def test_16_threads_on_16_paths() -> None:
    Parcel.objects.create(code="P", lines={})

    def fill(key: str) -> int:
        return sum(
            Parcel.objects.filter(pk="P").update(lines=JSONSet("lines", f"{key}{n}", value=n))
            for n in range(4)
        )

    assert at_once(*[lambda n=n: fill(f"t{n}-") for n in range(16)]) == [4] * 16
    assert lines() == {f"t{t}-{n}": n for t in range(16) for n in range(4)}
