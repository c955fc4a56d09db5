"""What takes away what older code reads is run when none of it runs any more."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from shop.management.commands import migrate_before_code
from shop.management.commands.migrate_before_code import held_back

pytestmark = pytest.mark.django_db

ORDERS = "0008_without_what_was_before"


def loader_without(*nodes: tuple[str, str]) -> MigrationLoader:
    loader = MigrationLoader(connection)
    for node in nodes:
        loader.applied_migrations.pop(node)
    return loader


def test_it_is_held_back() -> None:
    targets = held_back(loader_without(("orders", ORDERS)))
    assert targets["orders"] == "0007_parcels_returns_and_entries"
    assert targets["catalog"] == dict(MigrationLoader(connection).graph.leaf_nodes())["catalog"]


def test_with_all_that_comes_after_it() -> None:
    """GIVEN a shop that is two releases behind THEN what comes before is run, and nothing else."""
    behind = loader_without(*(("orders", each) for each in ("0006_statuses", ORDERS)))
    assert held_back(behind)["orders"] == "0007_parcels_returns_and_entries"


def test_a_shop_that_has_it_gets_all() -> None:
    assert held_back(MigrationLoader(connection)) == {}


def test_a_new_shop_gets_all() -> None:
    assert held_back(loader_without(("orders", "0001_initial"), ("orders", ORDERS))) == {}


def test_what_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    monkeypatch.setattr(migrate_before_code, "call_command", lambda *args, **kw: made.append(args))
    monkeypatch.setattr(
        migrate_before_code, "held_back", lambda loader: {"orders": "0007", "mails": "0002"}
    )
    call_command("migrate_before_code")
    assert made == [("migrate", "orders", "0007"), ("migrate", "mails", "0002")]
    made.clear()
    monkeypatch.setattr(migrate_before_code, "held_back", lambda loader: {})
    call_command("migrate_before_code")
    assert made == [("migrate",)]
