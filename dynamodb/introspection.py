"""What tables there are. DynamoDB knows names and keys; columns come from the models."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.base.introspection import TableInfo
from django.db.backends.sqlite3 import introspection
from django.db.backends.utils import CursorWrapper
from django.db.models import Index as ModelIndex
from django.db.utils import OperationalError

from dynamodb.tables.table import Table, table_name
from dynamodb.tables.values import ModelField


class DatabaseIntrospection(introspection.DatabaseIntrospection):
    connection: Any

    def get_table_list(self, cursor: CursorWrapper) -> list[TableInfo]:
        self.connection.ensure_connection()
        found = self.connection.control.table_names()
        tables = self.connection.registry.tables
        names = {table_name("", name): name for name in tables}  # of those with odd characters
        return [
            TableInfo(names.get(name, name), "t")
            for name in found
            if name != self.connection.guard_name
        ]

    def table(self, name: str) -> Any:
        self.connection.ensure_connection()
        table = self.connection.registry.tables.get(name)
        if table is None:
            raise OperationalError(f"no such table: {name}")
        return table

    def get_table_description(self, cursor: CursorWrapper, table_name: str) -> list[Any]:
        table = self.table(table_name)
        return [
            introspection.FieldInfo(
                name=column.name,
                type_code=column.sql_type,
                display_size=introspection.get_field_size(column.sql_type),
                internal_size=introspection.get_field_size(column.sql_type),
                precision=None,
                scale=None,
                null_ok=column.null,
                default=None,
                collation=column.collation,
                pk=column.name in table.key.keys,
                has_json_constraint=column.codec == "json",
            )
            for column in table.columns
            if not column.hidden
        ]

    def get_sequences(
        self, cursor: CursorWrapper, table_name: str, table_fields: Iterable[ModelField] = ()
    ) -> list[Any]:
        return []

    def get_relations(self, cursor: CursorWrapper, table_name: str) -> dict[str, tuple[str, str]]:
        return {
            c.name: (c.references[1], c.references[0])
            for c in self.table(table_name).columns
            if c.references
        }

    def get_primary_key_columns(self, cursor: CursorWrapper, table_name: str) -> list[str]:
        return list(self.table(table_name).key.keys)

    def get_constraints(self, cursor: CursorWrapper, table_name: str) -> Any:
        table = self.table(table_name)
        found = {"__primary__": constraint(table.key.keys, primary_key=True, unique=True)}
        for unique in table.uniques:
            name = unique.name or f"{table_name}_{'_'.join(unique.columns)}_uniq"
            columns = shown(table, unique.columns)
            found[name] = {
                **constraint(columns, unique=True, index=None in columns),
                "type": ModelIndex.suffix,
                "orders": list(unique.orders) or ["ASC"] * len(columns),
            }
        for index in table.indexes:
            found[index.name or ""] = {
                **constraint(shown(table, index.keys), index=True),
                "type": ModelIndex.suffix,
                "orders": list(index.orders) or ["ASC"] * len(index.keys),
            }
        for check in table.checks:
            found[check.name] = constraint(sorted(check.columns), check=True)
        return found


def shown(table: Table, columns: Iterable[str]) -> list[str | None]:
    """Columns as Django expects them of introspection: an expression is None."""
    return [None if table.by_name[name].hidden else name for name in columns]


def constraint(columns: Iterable[str | None], **what: bool) -> dict[str, Any]:
    kinds = {"primary_key": False, "unique": False, "index": False, "check": False}
    return {"columns": list(columns), **kinds, "foreign_key": None, **what}
