"""Tables are made of their models when somebody asks for them."""

from threading import Barrier
from typing import Any

import pytest

from dynamodb.tables import registry as module
from dynamodb.tables.registry import Registry
from dynamodb.tables.table import Table
from tests.cart.races import at_once
from tests.dynamodb.engine import connection

pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of tables that are made."""
    names: list[str] = []
    build = module.build

    def note(*args: Any) -> Table:
        table = build(*args)
        names.append(table.sql_name)
        return table

    monkeypatch.setattr(module, "build", note)
    return names


def test_only_what_is_asked_for(made: list[str]) -> None:
    registry = Registry()
    registry.load(connection)
    assert made == []
    assert {"engine_item", "engine_maker"} <= set(registry.tables)
    assert ("engine_item" in registry.tables, "nothing" in registry.tables) == (True, False)
    assert registry.tables["engine_item"].key.keys == ("sku",)
    assert registry.tables.get("engine_item") is registry.tables["engine_item"]
    assert registry.tables.get("nothing") is None
    assert made == ["engine_item"]
    assert len(list(registry.tables.values())) == len(registry.tables) == len(made)


def test_many_threads_have_one_table(made: list[str]) -> None:
    registry, together = Registry(), Barrier(8)
    registry.load(connection)

    def ask() -> Table:
        together.wait(timeout=20)
        return registry.tables["engine_item"]

    found = at_once(*[ask] * 8)
    assert all(table is found[0] for table in found)
    assert made == ["engine_item"]


def test_what_fails_is_no_table_that_there_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """A KeyError in the making is not taken for a name that nobody knows."""
    registry = Registry()
    registry.load(connection)

    def fail(*args: Any) -> Table:
        raise KeyError("a column")

    with monkeypatch.context() as patch:
        patch.setattr(module, "build", fail)
        waiting = Registry()
        waiting.load(connection)
        with pytest.raises(KeyError, match="a column"):
            waiting.tables.get("engine_item")
        with pytest.raises(KeyError, match="a column"):
            assert waiting.tables["engine_item"]
    waiting.tables.waiting = registry.tables.waiting
    assert waiting.tables["engine_item"].sql_name == "engine_item"


def test_another_table_in_its_place(made: list[str]) -> None:
    registry = Registry()
    registry.load(connection)
    other = registry.tables["engine_maker"]
    registry.tables["engine_item"] = other
    assert registry.tables["engine_item"] is other
    registry.remove("engine_item")
    registry.remove("engine_tag")
    registry.remove("nothing")
    assert registry.tables.keys().isdisjoint({"engine_item", "engine_tag"})
    assert made == ["engine_maker"]
