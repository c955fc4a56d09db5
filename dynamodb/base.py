"""The database wrapper: what Django's ENGINE setting points to (`"ENGINE": "dynamodb"`).

Settings: NAME, the prefix of all table names. OPTIONS: `region`; `scan`, one of allow,
warn, forbid (see `scans`); `ttl`, a column by table name for models without a TTLField;
`client`, native (the default) or boto3; `divide`, False for no statement in parts (see `dividing`);
`multi_attribute_keys`, False for a server that knows indexes with one attribute a key only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import apsw
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError
from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3._functions import register as register_functions
from django.db.backends.utils import debug_transaction

from dynamodb.client.choosing import client_for
from dynamodb.client.client import Client
from dynamodb.client.signing import endpoint_of
from dynamodb.conflicts import looking_first
from dynamodb.creation import DatabaseCreation
from dynamodb.errors import HookFailed
from dynamodb.features import DatabaseFeatures
from dynamodb.introspection import DatabaseIntrospection
from dynamodb.operations import DatabaseOperations
from dynamodb.query.functions import register_paths
from dynamodb.query.session import Session
from dynamodb.query.sqlite import Connection, PlainCursor
from dynamodb.rows.store import Store
from dynamodb.scans import POLICIES
from dynamodb.schema.control import Control
from dynamodb.shell import DatabaseClient
from dynamodb.tables.connection import EngineConnection
from dynamodb.tables.registry import Registry

if TYPE_CHECKING:
    from dynamodb.query.shapes import Kept

GUARD_NAME = "unique_guards"
OPTIONS = {"client", "divide", "multi_attribute_keys", "region", "scan", "ttl"}
SWITCHES = ("divide", "multi_attribute_keys")
CLIENTS = ("native", "boto3")
_registries: dict[str, Registry] = {}


class DatabaseWrapper(EngineConnection):
    vendor = "sqlite"  # the dialect: so that Func.as_sqlite() applies
    display_name = "DynamoDB"
    transaction_mode = None
    features_class = DatabaseFeatures
    introspection_class = DatabaseIntrospection
    ops_class = DatabaseOperations
    creation_class: Any = DatabaseCreation
    client_class: Any = DatabaseClient
    guard_name = GUARD_NAME

    def __init__(self, settings_dict: dict[str, Any], alias: str = DEFAULT_DB_ALIAS):
        super().__init__(settings_dict, alias)
        self.kept: Connection | None = None
        self.converters: Kept = {}
        options = settings_dict["OPTIONS"]
        unknown = options.keys() - OPTIONS
        wrong = options.get("scan", "allow") not in POLICIES
        wrong |= any(options.get(name, True) not in (True, False) for name in SWITCHES)
        if unknown or wrong or options.get("client", "native") not in CLIENTS:
            raise ImproperlyConfigured(
                f"DATABASES[{alias!r}]['OPTIONS'] takes {', '.join(sorted(OPTIONS))}; scan is one "
                f"of {', '.join(POLICIES)}, client one of {', '.join(CLIENTS)}, "
                f"{' and '.join(SWITCHES)} True or False. It has {options}."
            )

    @property
    def table_prefix(self) -> str:
        return str(self.settings_dict["NAME"] or "")

    @property
    def dynamodb(self) -> Client:
        options = self.settings_dict["OPTIONS"]
        region = options.get("region", "us-east-1")
        return client_for(region, endpoint_of(region), options.get("client", "native"))

    @property
    def control(self) -> Control:
        return Control(self.dynamodb, self.table_prefix, GUARD_NAME)

    @property
    def registry(self) -> Registry:
        """The tables known under this prefix, shared among threads."""
        return _registries.setdefault(self.table_prefix, Registry())

    def use_prefix(self, prefix: str) -> None:
        """Speak of other tables from now on."""
        self.settings_dict["NAME"] = prefix
        self.kept = None
        self.connection = None

    # Connecting ----------------------------------------------------------------------

    def get_database_version(self) -> tuple[int, ...]:
        return tuple(map(int, apsw.sqlite_lib_version().split(".")))

    def check_database_version_supported(self) -> None:
        pass

    def get_connection_params(self) -> dict[str, Any]:
        return {}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        """The thread's SQLite, kept between requests: it holds no data and costs time to make."""
        if self.kept is None:
            self.registry.load(self)
            options = self.settings_dict["OPTIONS"]
            store = Store(
                self.dynamodb, self.table_prefix + GUARD_NAME, options.get("scan", "allow")
            )
            self.kept = Connection(Session(store, self.registry))
            register_functions(self.kept)
            register_paths(self.kept)
        return self.kept

    def create_cursor(self, name: str | None = None) -> PlainCursor:
        cursor: PlainCursor = self.connection.cursor()
        return cursor

    def close(self) -> None:
        super(base.DatabaseWrapper, self).close()

    def is_in_memory_db(self) -> bool:
        return False

    def is_usable(self) -> bool:
        return True

    # Transactions: the store's, not SQLite's ------------------------------------------

    @property
    def SchemaEditorClass(self) -> Any:  # type: ignore[override]  # Django's name
        """Imported with the first migration: a process that answers requests has none."""
        from dynamodb.schema.editor import DatabaseSchemaEditor

        return DatabaseSchemaEditor

    @property
    def store(self) -> Store:
        self.ensure_connection()
        store: Store = self.connection.session.store
        return store

    def _set_autocommit(self, autocommit: bool) -> None:
        if autocommit:
            self.connection.session.store.end()
        else:
            self.connection.session.store.begin()

    def _start_transaction_under_autocommit(self) -> None:
        with debug_transaction(self, "BEGIN"):  # which Django's COMMIT in the log belongs to
            self._set_autocommit(False)

    def run_and_clear_commit_hooks(self) -> None:
        """Django's; an error of the database in a hook is none of the commit, which would be
        run again for it. Raises HookFailed."""
        try:
            with looking_first():
                super().run_and_clear_commit_hooks()
        except HookFailed:
            raise
        except DatabaseError as error:
            raise HookFailed(f"Committed; what was to follow failed: {error}") from error

    def _savepoint_allowed(self) -> bool:
        return bool(self.in_atomic_block)

    def _savepoint(self, sid: str) -> None:
        buffer = self.store.buffer
        buffer.marks[sid] = buffer.position()

    def _savepoint_rollback(self, sid: str) -> None:
        buffer = self.store.buffer
        buffer.undo_to(self.position_of(sid))

    def _savepoint_commit(self, sid: str) -> None:
        self.position_of(sid)
        del self.store.buffer.marks[sid]

    def position_of(self, sid: str) -> int:
        position = self.store.buffer.marks.get(sid)
        if position is None:
            raise OperationalError(f"no such savepoint: {sid}")
        return position

    # Constraints are checked with each statement and each commit ------------------------

    def check_constraints(self, table_names: Iterable[str] | None = None) -> None:
        pass

    def disable_constraint_checking(self) -> bool:
        return False

    def enable_constraint_checking(self) -> None:
        pass
