"""SQL that was compiled before. That it is what Django would compile, every test of this folder
compares: see `compared` in its conftest."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import models, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone, translation

from dynamodb.query import shapes
from tests.dynamodb.app.models import Doctor, Entry, Item, Line, Maker, Seat
from tests.dynamodb.engine import connection

pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture(autouse=True)
def compared() -> None:
    """Not here: what is compiled is counted."""


@pytest.fixture(autouse=True)
def compilations(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The SQL that Django has compiled."""
    made: list[str] = []
    real: Any = SQLCompiler.as_sql

    def as_sql(self: Any, *args: Any, **kwargs: Any) -> Any:
        found = real(self, *args, **kwargs)
        made.append(found[0])
        return found

    monkeypatch.setattr(SQLCompiler, "as_sql", as_sql)
    monkeypatch.setattr(shapes, "_compiled", {})
    yield made


NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
# Two of one shape, whatever the values.
ALIKE: dict[str, Callable[[int], QuerySet[Any]]] = {
    "by key": lambda n: Doctor.objects.filter(pk=f"D{n}"),
    "by index": lambda n: Item.objects.filter(shelf=str(n), stock__gte=n).order_by("-stock")[:5],
    "one of two": lambda n: Item.objects.filter(Q(shelf=str(n)) | ~Q(title=str(n))),
    "among": lambda n: Item.objects.filter(sku__in=[str(n), "B", "C"]),
    "by reference": lambda n: Item.objects.filter(maker=n),
    "among references": lambda n: Item.objects.filter(maker__in=[n, 99]),
    "unknown": lambda n: Item.objects.filter(made__isnull=True, stock__lt=n),
    "a flag": lambda n: Seat.objects.filter(active=True, hall=str(n)),
    "some columns": lambda n: Item.objects.only("title").filter(shelf=str(n)),
    "all but one": lambda n: Item.objects.defer("data").filter(shelf=str(n)),
    "values": lambda n: Item.objects.filter(shelf=str(n)).values("title", "sku"),
    "a list": lambda n: Item.objects.filter(shelf=str(n)).values_list("title", flat=True),
    "two keys": lambda n: Line.objects.filter(basket=str(n), position__lte=n).order_by("position"),
    "a time": lambda n: Item.objects.filter(made__gte=NOON.replace(hour=n)),
}


@pytest.mark.parametrize("ask", ALIKE.values(), ids=ALIKE)
def test_it_is_compiled_once(ask: Callable[[int], QuerySet[Any]], compilations: list[str]) -> None:
    Item.objects.create(sku="B", shelf="2", title="2", made=NOON)
    compilations.clear()
    list(ask(1))
    list(ask(2))
    assert len(compilations) == 1


# Of which each is its own.
DIFFERENT: dict[str, list[Callable[[], QuerySet[Any]]]] = {
    "NULL": [
        lambda: Item.objects.filter(made__isnull=True),
        lambda: Item.objects.filter(made__isnull=False),
    ],
    "limits": [lambda: Item.objects.all()[:1], lambda: Item.objects.all()[:2]],
    "offsets": [lambda: Item.objects.all()[1:2], lambda: Item.objects.all()[0:2]],
    "orders": [lambda: Item.objects.order_by("sku"), lambda: Item.objects.order_by("-sku")],
    "how many": [
        lambda: Item.objects.filter(sku__in=["A", "B"]),
        lambda: Item.objects.filter(sku__in=["A", "B", "C"]),
    ],
    "and, or": [
        lambda: Item.objects.filter(Q(shelf="1") & Q(title="1")),
        lambda: Item.objects.filter(Q(shelf="1") | Q(title="1")),
    ],
    "not": [lambda: Item.objects.filter(shelf="1"), lambda: Item.objects.exclude(shelf="1")],
    "columns": [lambda: Item.objects.only("title"), lambda: Item.objects.only("shelf")],
    "deferred": [lambda: Item.objects.only("title"), lambda: Item.objects.defer("title")],
    "values": [lambda: Item.objects.values("title"), lambda: Item.objects.values("shelf")],
    "models": [lambda: Doctor.objects.filter(pk="1"), lambda: Item.objects.filter(pk="1")],
}


@pytest.mark.parametrize("ask", DIFFERENT.values(), ids=DIFFERENT)
def test_what_is_compiled_for_itself(
    ask: list[Callable[[], QuerySet[Any]]], compilations: list[str]
) -> None:
    for each in (*ask, *ask):
        list(each())
    assert len(compilations) == len(set(compilations)) == 2


# What compilers know more of than a shape says.
UNKNOWN: dict[str, Callable[[], Any]] = {
    "a join": lambda: list(Item.objects.filter(maker__name="M")),
    "an order by another's": lambda: list(Entry.objects.order_by("parent")),
    "an expression": lambda: list(Item.objects.filter(stock=F("price"))),
    "an annotation": lambda: list(Item.objects.annotate(twice=2 * F("stock"))),
    "distinct": lambda: list(Item.objects.values("shelf").distinct()),
    "a subquery": lambda: list(Item.objects.filter(maker__in=Maker.objects.filter(name="M"))),
    "related": lambda: list(Item.objects.select_related("maker")),
    "together": lambda: list(Item.objects.all().union(Item.objects.all())),
}


@pytest.mark.parametrize("ask", UNKNOWN.values(), ids=UNKNOWN)
def test_what_is_never_kept(ask: Callable[[], Any], compilations: list[str]) -> None:
    ask()
    once = len(compilations)
    ask()
    assert once > 0
    assert len(compilations) == 2 * once


@pytest.mark.parametrize("value", [1, [], {}], ids=repr)
def test_what_is_no_question_after_null(value: Any) -> None:
    """Django's own words, also where `isnull=True`, which is equal to 1, was asked before."""
    list(Item.objects.filter(made__isnull=True))
    with pytest.raises(ValueError, match="must be True or False"):
        list(Item.objects.filter(made__isnull=value))


def test_values_are_those_of_the_moment() -> None:
    """Languages and time zones are in the parameters, and in what is made of rows."""
    Item.objects.create(sku="A", made=NOON)
    Item.objects.create(sku="B", made=NOON.replace(hour=20))

    def at(hour: int) -> list[str]:
        made = datetime(2026, 11, 28, hour, tzinfo=timezone.get_current_timezone())
        return sorted(Item.objects.filter(made__gte=made).values_list("sku", flat=True))

    assert at(13) == ["B"]
    with timezone.override(ZoneInfo("Asia/Tokyo")), translation.override("de"):
        assert at(13) == ["A", "B"]  # 4 o'clock in UTC
    assert at(13) == ["B"]


def test_a_savepoint_that_is_undone() -> None:
    with transaction.atomic():
        Doctor.objects.create(name="D", ward="W")
        assert Doctor.objects.get(pk="D").shifts == 0
        mark = transaction.savepoint()
        Doctor.objects.filter(pk="D").update(shifts=5)
        assert Doctor.objects.get(pk="D").shifts == 5
        transaction.savepoint_rollback(mark)
        assert Doctor.objects.get(pk="D").shifts == 0


def test_a_model_that_gets_another_column(compilations: list[str]) -> None:
    """As between two migrations' states, and by code that adds to a model."""

    class Thing(models.Model):
        code = models.CharField(primary_key=True, max_length=5)

        class Meta:
            app_label = "engine"
            managed = False

    def asked() -> str:
        return str(Thing._default_manager.filter(pk="a").query)

    def compiled() -> str:
        compiler: Any = Thing._default_manager.filter(pk="a").query.get_compiler("default")
        return str(compiler.as_sql()[0])

    assert compiled() == compiled()
    assert "note" not in compiled()
    models.CharField(max_length=5, null=True).contribute_to_class(Thing, "note")
    assert "note" in compiled()
    assert "note" in asked()


def test_a_model_that_is_ordered_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django's own tests say None for no order, where models say ()."""
    for name in "AB":
        Doctor.objects.create(name=name, ward="W")
    for ordering, expected in ((["-name"], "BA"), (None, "AB"), (("name",), "AB")):
        monkeypatch.setattr(Doctor._meta, "ordering", ordering)
        found = [doctor.name for doctor in Doctor.objects.filter(ward="W")]
        assert (found if ordering else sorted(found)) == list(expected)


def test_locked_rows_are_asked_for_anew() -> None:
    """SQLite's plan for rows that are only read may read less of them."""
    Doctor.objects.create(name="D", ward="W")
    assert Doctor.objects.get(pk="D").ward == "W"
    with transaction.atomic():
        Doctor.objects.select_for_update().get(pk="D")
        assert len(connection.store.buffer.changes) == 1


def test_they_do_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "MOST", 3)
    connection.converters.clear()
    for n in range(1, 8):
        assert list(Item.objects.all()[:n]) == []
        list(Item.objects.all()[:n])
        assert len(shapes._compiled) <= 3
        assert len(connection.converters) <= 3
