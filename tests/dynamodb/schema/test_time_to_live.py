"""Time-to-live by OPTIONS["ttl"], for models that have no TTLField."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command

from dynamodb.apps import show_models
from dynamodb.schema.control import expiring_table
from tests.dynamodb.engine import connection
from tests.dynamodb.moving import project

pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The option names a table that was made without it, one of no model, and one not made yet."""
    ttl = {"engine_parcel": "sent", "no_such": "at", "later": "at"}
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict["OPTIONS"], "ttl", ttl)
        patch.setitem(connection.registry.tables, "later", expiring_table("later", "id"))
        yield
    show_models()
    off = {"Enabled": False, "AttributeName": "_expires"}
    connection.dynamodb.call("UpdateTimeToLive", parcels() | {"TimeToLiveSpecification": off})


def parcels() -> dict[str, object]:
    return {"TableName": f"{connection.table_prefix}engine_parcel"}


def status() -> str:
    found = connection.dynamodb.call("DescribeTimeToLive", parcels())
    return str(found["TimeToLiveDescription"]["TimeToLiveStatus"])


def test_the_next_migrate_switches_it_on(configured: None) -> None:
    """Before, rows got their moment and were never deleted, without a word."""
    assert status() == "DISABLED"

    with project():
        call_command("migrate", verbosity=0)

    assert status() == "ENABLED"
