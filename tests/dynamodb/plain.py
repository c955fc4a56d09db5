"""Django on plain SQLite, for the same models: what the engine's answers are compared to."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from tests.dynamodb.app.models import Entry
from tests.dynamodb.engine import connection

ALIAS = "plain"


@contextmanager
def plain_sqlite() -> Iterator[str]:
    """A second database in memory, with an empty table of entries; its alias."""
    with empty_sqlite() as alias:
        with connections[alias].schema_editor() as editor:
            editor.create_model(Entry)
        yield alias


@contextmanager
def empty_sqlite() -> Iterator[str]:
    """A second database in memory, without tables; its alias."""
    settings = {**connection.settings_dict, "OPTIONS": {}, "NAME": ":memory:"}
    connections.settings[ALIAS] = {**settings, "ENGINE": "django.db.backends.sqlite3"}
    try:
        yield ALIAS
    finally:
        connections[ALIAS].close()
        if connections[ALIAS].connection is not None:
            connections[ALIAS].connection.close()
        del connections[ALIAS]
        del connections.settings[ALIAS]
