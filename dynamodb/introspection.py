"""What tables there are. DynamoDB knows names and keys; columns come from the models."""

from typing import Any

from django.db.backends.base.introspection import TableInfo
from django.db.backends.sqlite3 import introspection
from django.db.models import Index as ModelIndex


class DatabaseIntrospection(introspection.DatabaseIntrospection):
    connection: Any

    def get_table_list(self, cursor: Any) -> list[TableInfo]:
        names = self.connection.control.table_names()
        return [TableInfo(name, "t") for name in names if name != self.connection.guard_name]

    def table(self, name: str) -> Any:
        self.connection.ensure_connection()
        table = self.connection.registry.tables.get(name)
        if table is None:
            raise self.connection.Database.OperationalError(f"no such table: {name}")
        return table

    def get_table_description(self, cursor: Any, table_name: str) -> list[Any]:
        table = self.table(table_name)
        return [
            introspection.FieldInfo(
                name=column.name,
                type_code=column.sql_type,
                display_size=None,
                internal_size=None,
                precision=None,
                scale=None,
                null_ok=column.null,
                default=None,
                collation="",
                pk=column.name in table.key.keys,
                has_json_constraint=column.codec == "json",
            )
            for column in table.columns
        ]

    def get_sequences(self, cursor: Any, table_name: str, table_fields: Any = ()) -> list[Any]:
        return []

    def get_relations(self, cursor: Any, table_name: str) -> dict[str, tuple[str, str]]:
        return {
            c.name: (c.references[1], c.references[0])
            for c in self.table(table_name).columns
            if c.references
        }

    def get_primary_key_columns(self, cursor: Any, table_name: str) -> list[str]:
        return list(self.table(table_name).key.keys)

    def get_constraints(self, cursor: Any, table_name: str) -> Any:
        table = self.table(table_name)
        found = {"__primary__": constraint(table.key.keys, primary_key=True, unique=True)}
        for unique in table.uniques:
            name = unique.name or f"{table_name}_{'_'.join(unique.columns)}_uniq"
            found[name] = constraint(unique.columns, unique=True)
        for index in table.indexes:
            found[index.name or ""] = {
                **constraint(index.keys, index=True),
                "type": ModelIndex.suffix,
                "orders": ["ASC"] * len(index.keys),
            }
        for check in table.checks:
            found[check.name] = constraint(sorted(check.columns), check=True)
        return found


def constraint(columns: Any, **what: Any) -> dict[str, Any]:
    kinds = {"primary_key": False, "unique": False, "index": False, "check": False}
    return {"columns": list(columns), **kinds, "foreign_key": None, **what}
