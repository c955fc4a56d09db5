"""Indexes and unique values of expressions: kept however a row is written, and used."""

from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, NotSupportedError, connections, models, transaction
from django.db.models import CharField, F, Index, OuterRef, Subquery, UniqueConstraint, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Collate, Lower, Random, Upper
from django.test.utils import register_lookup

from dynamodb import bulk
from dynamodb.base import _registries
from tests.dynamodb.app.models import Item, Maker, Member
from tests.dynamodb.engine import connection
from tests.dynamodb.sent import read_by

pytestmark = pytest.mark.usefixtures("tables")

BY_CITY = [("Query", "city_joined")]
SCAN = [("Scan", None)]
BERLIN = Member.objects.annotate(place=Upper("city")).filter(place="BERLIN")


@pytest.fixture(autouse=True)
def members(tables: None) -> None:
    bulk.load(
        Member(number=n, email=f"{name}@Example.com", city=city, joined=joined, active=name != "Di")
        for n, (name, city, joined) in enumerate(
            [("Ada", "Berlin", 3), ("Bob", "BERLIN", 1), ("Cy", "Bonn", 2), ("Di", "berlin", None)]
        )
    )


def numbers(queryset: Any) -> list[int]:
    return [number for (number, *_) in queryset.values_list("number")]


def in_index(name: str, attribute: str) -> list[tuple[int, str]]:
    """What DynamoDB has in an index: primary keys, and an attribute."""
    params = {"TableName": f"{connection.table_prefix}engine_member", "IndexName": name}
    items = connection.dynamodb.call("Scan", params)["Items"]
    return sorted((int(item["number"]["N"]), item[attribute]["S"]) for item in items)


# Asking -------------------------------------------------------------------------------


def test_the_attribute_that_the_index_holds() -> None:
    found = connection.control.describe(f"{connection.table_prefix}engine_member")
    keys = {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in found["GlobalSecondaryIndexes"]
    }

    assert keys["city_joined"] == ["UPPER(city)", "joined"]
    assert in_index("city_joined", "UPPER(city)") == [(0, "BERLIN"), (1, "BERLIN"), (2, "BONN")]
    assert in_index("active_city", "_active_city") == [(0, "BERLIN"), (1, "BERLIN"), (2, "BONN")]


@pytest.mark.parametrize(("order", "expected"), [("joined", [1, 0]), ("-joined", [0, 1])])
def test_the_expression_is_found_by_the_index(order: str, expected: list[int]) -> None:
    queryset = BERLIN.filter(joined__gt=0).order_by(order)

    assert read_by(lambda: numbers(queryset)) == (expected, BY_CITY)


def test_the_sparse_index() -> None:
    queryset = BERLIN.filter(active=True)

    found = read_by(lambda: sorted(numbers(queryset)))

    assert found == ([0, 1], [("Query", "active_city")])


def test_rows_that_the_index_does_not_hold_are_found_too() -> None:
    assert read_by(lambda: sorted(numbers(BERLIN))) == ([0, 1, 3], SCAN)


def test_a_lookup() -> None:
    with register_lookup(CharField, Upper):
        queryset = Member.objects.filter(city__upper="BONN", joined__lt=9)

        assert read_by(lambda: numbers(queryset)) == ([2], BY_CITY)


def test_another_expression_of_the_column_is_computed() -> None:
    queryset = Member.objects.annotate(place=Lower("city")).filter(place="bonn", joined__lt=9)

    assert read_by(lambda: numbers(queryset)) == ([2], SCAN)


def test_through_a_join_and_in_a_subquery() -> None:
    maker = Maker.objects.create(name="bonn")
    Member.objects.filter(number=0).update(maker=maker, city="Bonn")
    named = Member.objects.filter(joined__gt=0, city=OuterRef("name"))
    place = named.annotate(place=Upper("city")).order_by("number").values("place")[:1]

    joined = Maker.objects.annotate(place=Upper("member__city")).values_list("place", flat=True)
    assert list(joined) == ["BONN"]
    Maker.objects.update(name="BERLIN")
    assert Maker.objects.annotate(place=Subquery(place)).get().place == "BERLIN"


def test_grouped_and_ordered() -> None:
    counted = Member.objects.values(place=Upper("city")).annotate(members=models.Count("number"))

    assert list(counted.order_by("-place").values_list("place", "members")) == [
        ("BONN", 1),
        ("BERLIN", 3),
    ]


def test_rows_have_no_column_for_it() -> None:
    assert len(next(iter(Member.objects.raw("SELECT * FROM engine_member"))).__dict__) == 8
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, "engine_member")
    assert [column.name for column in described] == [
        "number", "email", "city", "joined", "visits", "maker_id", "active",
    ]  # fmt: skip


def test_introspection() -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "engine_member")

    index, unique = found["city_joined"], found["one_email"]
    assert (index["columns"], index["orders"]) == ([None, "joined"], ["ASC", "DESC"])
    assert (unique["columns"], unique["unique"], unique["index"]) == ([None], True, True)


# Writing ------------------------------------------------------------------------------


def saved(city: str) -> None:
    member = Member.objects.get(number=2)
    member.city = city
    member.save()


def loaded(city: str) -> None:
    bulk.load([Member(number=2, email="Cy@Example.com", city=city, joined=2)])


def upserted(city: str) -> None:
    Member.objects.bulk_create(
        [Member(number=2, email="Cy@Example.com", city=city, joined=2)],
        update_conflicts=True, unique_fields=["number"], update_fields=["city"],
    )  # fmt: skip


def buffered(city: str) -> None:
    with transaction.atomic():
        Member.objects.filter(number=2).update(visits=F("visits") + 1)
        Member.objects.filter(number=2).update(city=city)
        queryset = Member.objects.annotate(place=Upper("city")).filter(place=city.upper())
        assert numbers(queryset.filter(joined__gt=0)) == [2]


WAYS: dict[str, Callable[[str], Any]] = {
    "save": saved,
    "update by key": lambda city: Member.objects.filter(number=2).update(city=city),
    "update by scan": lambda city: Member.objects.filter(joined=2).update(city=city),
    "update by the index": lambda city: (
        Member.objects.annotate(place=Upper("city"))
        .filter(place="BONN", joined=2)
        .update(city=city)
    ),
    "bulk load": loaded,
    "bulk create": upserted,
    "in a transaction": buffered,
}


@pytest.mark.parametrize("way", WAYS)
def test_rows_move_in_the_index(way: str) -> None:
    WAYS[way]("Rome")

    assert in_index("city_joined", "UPPER(city)") == [(0, "BERLIN"), (1, "BERLIN"), (2, "ROME")]
    assert in_index("active_city", "_active_city") == [(0, "BERLIN"), (1, "BERLIN"), (2, "ROME")]


def test_an_update_of_another_column_stays_native() -> None:
    queryset = Member.objects.filter(number=2)

    _, calls = read_by(lambda: queryset.update(visits=F("visits") + 1))

    assert calls == [("UpdateItem", None)]


# Unique values ------------------------------------------------------------------------


def test_the_same_email_in_other_letters() -> None:
    with pytest.raises(IntegrityError, match=r"engine_member.LOWER\(email\)"):
        Member.objects.create(number=9, email="ADA@example.COM")
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(number=1).update(email="ada@EXAMPLE.com")

    assert Member.objects.filter(number=9).count() == 0
    assert Member.objects.get(number=1).email == "Bob@Example.com"


def test_its_own_and_a_freed_one() -> None:
    Member.objects.filter(number=0).update(email="ADA@EXAMPLE.COM")
    Member.objects.get(number=1).delete()

    assert Member.objects.create(number=9, email="bob@example.com").pk == 9


def test_it_is_found_by_its_guard() -> None:
    queryset = Member.objects.annotate(address=Lower("email")).filter(address="ada@example.com")

    found, calls = read_by(lambda: numbers(queryset))

    assert (found, calls) == ([0], [("GetItem", None), ("GetItem", None)])


def test_a_form_is_told() -> None:
    with pytest.raises(ValidationError, match="one_email"):
        Member(number=9, email="ada@example.com").full_clean()


# What is refused ----------------------------------------------------------------------

REFUSED = {
    "no column": Value("mug"),
    "another value each time": F("number") + Random(),
    "JSON": F("data__size"),
    "JSON of any type": KeyTextTransform("size", "data"),
    "a collation": Collate("city", "nocase"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_key_can_hold(name: str) -> None:
    expression: Any = REFUSED[name]
    for wrong in (Index(expression, name="wrong"), UniqueConstraint(expression, name="wrong")):
        with connection.schema_editor() as editor:
            add = editor.add_index if isinstance(wrong, Index) else editor.add_constraint
            with pytest.raises(NotSupportedError, match="cannot index"):
                add(Item if "JSON" in name else Member, wrong)


def test_a_column_that_is_not_there() -> None:
    with connection.schema_editor() as editor, pytest.raises(FieldError, match="'town'"):
        editor.add_index(Member, Index(Lower("town"), name="wrong"))


def test_each_thread_evaluates_on_its_own_sqlite() -> None:
    """GIVEN tables that a thread has loaded, whose connection is closed WHEN others write THEN
    they compute on their own: the tables are shared, SQLite is not."""

    def load_tables() -> None:
        Member.objects.filter(pk=0).first()
        connections.close_all()

    def write(number: int) -> None:
        Member.objects.create(number=number, email=f"{number}@x.com", city="Rome", joined=number)
        connections.close_all()

    _registries.pop(connection.table_prefix, None)
    works: list[Callable[[], None]] = [load_tables]
    works += [partial(write, number) for number in range(10, 14)]
    for work in works:
        thread = Thread(target=work)
        thread.start()
        thread.join()

    found = Member.objects.annotate(place=Upper("city")).filter(place="ROME")
    assert sorted(numbers(found.values_list("number"))) == [10, 11, 12, 13]
