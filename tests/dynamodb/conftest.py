"""The engine alone: tables of its own, emptied around each test; no transaction around it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tests.local_aws import WORKER

PREFIX = f"engine-{WORKER}-"
_made: set[str] = set()  # endpoints where the tables are


@pytest.fixture
def tables(django_db_blocker: Any) -> Iterator[None]:
    """Empty tables of the app's models, under another prefix; tests commit for real."""
    with django_db_blocker.unblock():
        yield from use_tables()


def use_tables() -> Iterator[None]:
    shop = connection.settings_dict["NAME"]
    connection.close()
    connection.use_prefix(PREFIX)
    make_tables()
    yield
    empty_tables()
    connection.close()
    connection.use_prefix(shop)


def make_tables() -> None:
    """The tables, at the first test on a server."""
    endpoint = connection.dynamodb.endpoint
    if endpoint not in _made:
        _made.add(endpoint)
        with connection.schema_editor() as editor:
            for model in apps.get_app_config("engine").get_models():
                editor.create_model(model)


def empty_tables() -> None:
    connection.ensure_connection()
    for model in apps.get_app_config("engine").get_models(include_auto_created=True):
        connection.control.empty(model._meta.db_table)
    connection.control.empty(connection.guard_name)
