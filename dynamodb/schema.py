"""Migrations: DynamoDB's tables and indexes follow the models' state.

Columns need nothing: rows without an attribute read as NULL, so a new column with a
default is written into the rows that are there. The virtual tables follow each step,
so that a data migration reads and writes the historical model it was given.
"""

from __future__ import annotations

import re
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Index, Model

from dynamodb.scans import scan_policy
from dynamodb.tables import Table, TableBuilder, table_name
from dynamodb.values import Item

DROP_TABLE = re.compile(r'\s*DROP\s+TABLE\s+"?([^"\s;]+)"?\s*;?\s*', re.IGNORECASE)


class DatabaseSchemaEditor(BaseDatabaseSchemaEditor):
    sql_delete_table = "DROP TABLE %(table)s"
    connection: Any

    def __enter__(self) -> DatabaseSchemaEditor:
        self.deferred_sql: list[Any] = []
        self.connection.ensure_connection()
        return self

    def __exit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        pass

    @property
    def control(self) -> Any:
        return self.connection.control

    def build(self, model: type[Model]) -> Table:
        return TableBuilder(self.connection, model).build()

    def execute(self, sql: Any, params: Any = ()) -> None:
        """RunSQL's statements: read and write rows, as any other SQL."""
        if self.collect_sql:
            self.collected_sql.append(str(sql))
            return
        dropped = DROP_TABLE.fullmatch(str(sql))
        if dropped:
            self.drop(dropped[1])
            return
        with self.connection.cursor() as cursor:
            cursor.execute(str(sql), params)

    def drop(self, sql_name: str) -> None:
        """DROP TABLE, of a table that no model need have any more."""
        table = self.connection.registry.tables.get(sql_name)
        if table is not None:
            self.release_guards(table)
        self.control.delete(table_name(self.connection.table_prefix, sql_name))
        self.connection.registry.remove(sql_name)

    # Tables --------------------------------------------------------------------------

    def create_model(self, model: type[Model]) -> None:
        table = self.build(model)
        if self.collect_sql:
            self.collected_sql.append(f"-- CreateTable {table.name}")
            return
        self.control.create(table)
        self.connection.registry.put(table)
        for through in made_for(model):
            self.create_model(through)

    def delete_model(self, model: type[Model]) -> None:
        for through in made_for(model):
            self.delete_model(through)
        table = self.build(model)
        if self.collect_sql:
            self.collected_sql.append(f"-- DeleteTable {table.name}")
            return
        self.release_guards(table)
        self.control.delete(table.name)
        self.connection.registry.remove(table.sql_name)

    def release_guards(self, table: Table) -> None:
        if table.uniques:
            guards = {guard for item in self.rows(table) for guard in table.guards(item)}
            self.connection.delete_guards(guards)

    def rows(self, table: Table) -> list[Item]:
        with scan_policy("allow"):
            store = self.connection.connection.session.store
            return [item for page in store.scan(table) for item in page]

    def alter_db_table(self, model: type[Model], old_db_table: str, new_db_table: str) -> None:
        """DynamoDB renames nothing: a new table, the rows copied, the old one deleted."""
        if old_db_table == new_db_table or self.collect_sql:
            return
        old = self.connection.registry.tables.get(old_db_table)
        new = self.build(model)
        new.name = table_name(self.connection.table_prefix, new_db_table)
        new.sql_name = new_db_table
        if old is not None:
            rows = self.rows(old)
            self.release_guards(old)
            self.control.create(new)
            self.load(new, rows)
            self.control.delete(old.name)
            self.connection.registry.remove(old_db_table)
        self.connection.registry.put(new)

    def load(self, table: Table, rows: list[Item]) -> None:
        self.connection.bulk_put(table, rows)

    # Columns, indexes, constraints: the table anew from the model -----------------------

    def follow(self, model: type[Model], add: Any = None, remove: Any = None) -> None:
        """Bring DynamoDB's indexes, the guards and the virtual table to the model's state.

        `add` and `remove`: an index or a constraint that the model does not show yet, or
        shows still.
        """
        if self.collect_sql:
            return
        builder = TableBuilder(self.connection, model)
        for known in (builder.model_indexes, builder.model_constraints):
            known[:] = [each for each in known if remove is None or each.name != remove.name]
        if add is not None:
            known = builder.model_indexes if isinstance(add, Index) else builder.model_constraints
            known[:] = [*(each for each in known if each.name != add.name), add]
        new = builder.build()
        old = self.connection.registry.tables.get(new.sql_name)
        if old is None:
            return
        wanted = {index.name: index for index in new.indexes}
        for index in old.indexes:
            if wanted.get(index.name) != index:
                self.control.remove_index(old, index.name)
        self.recode(old, new)
        for index in new.indexes:
            self.control.add_index(new, index)
        self.control.set_ttl(new)
        self.connection.registry.put(new)

    def recode(self, old: Table, new: Table) -> None:
        """Rewrite the rows whose attributes or guards look different now."""
        codecs_changed = any(
            column.codec != new.by_name[column.name].codec
            for column in old.columns
            if column.name in new.by_name
        )
        uniques = {unique.columns for unique in old.uniques} != {u.columns for u in new.uniques}
        if not (codecs_changed or uniques or old.sparse != new.sparse):
            return
        rows = self.rows(old)
        self.release_guards(old)
        self.load(new, [new.complete(new.encode(shared(old.decode(row), new))) for row in rows])

    def add_field(self, model: type[Model], field: Any) -> None:
        if field.many_to_many and field.remote_field.through._meta.auto_created:
            self.create_model(field.remote_field.through)
            return
        self.follow(getattr(field, "model", model))  # `model` may be of the state before
        if field.column is None or self.collect_sql:
            return
        default: Any = self.effective_default(field)
        if field.has_db_default():
            default = field.get_default() if field.has_default() else None
            sql, params = self.db_default_sql(field)
            with self.connection.cursor() as cursor:
                default = cursor.execute(f"SELECT {sql}", params).fetchone()[0]
        if default is not None:
            self.fill(model, field.column, default)

    def fill(self, model: type[Model], column: str, value: Any) -> None:
        """Give the rows that have no such attribute its value."""
        table = self.connection.registry.tables[model._meta.db_table]
        encoded = table.encode({column: value})
        rows = [{**row, **encoded} for row in self.rows(table) if column not in row]
        self.load(table, rows)

    def remove_field(self, model: type[Model], field: Any) -> None:
        if field.many_to_many and field.remote_field.through._meta.auto_created:
            self.delete_model(field.remote_field.through)
            return
        if field.column is None or self.collect_sql:
            return
        self.follow_without(model, field.column)

    def follow_without(self, model: type[Model], column: str) -> None:
        """As `follow`, for a model that may still name the column."""
        old = self.connection.registry.tables.get(model._meta.db_table)
        self.follow(model)
        new = self.connection.registry.tables.get(model._meta.db_table)
        if old is None or new is None:
            return
        rows = self.rows(old)
        stripped = [{k: v for k, v in row.items() if k != column} for row in rows if column in row]
        if column in new.by_name:
            new = TableBuilder(self.connection, model).build()
            new.columns = [c for c in new.columns if c.name != column]
            new.indexes = [i for i in new.indexes if column not in i.keys]
            new.uniques = [u for u in new.uniques if column not in u.columns]
            self.connection.registry.put(new)
        self.load(new, stripped)

    def alter_field(
        self, model: type[Model], old_field: Any, new_field: Any, strict: bool = False
    ) -> None:
        if old_field.many_to_many or new_field.many_to_many or self.collect_sql:
            if old_field.many_to_many and new_field.many_to_many and not self.collect_sql:
                self.alter_many_to_many(old_field, new_field)
            return
        if old_field.column is None or new_field.column is None:
            return
        old = self.connection.registry.tables.get(model._meta.db_table)
        if old is None:
            return
        rows = (
            self.rows(old)
            if old_field.column != new_field.column or not same(old_field, new_field)
            else None
        )
        new = self.altered(model, old_field, new_field)
        if rows is None and new.indexes == old.indexes and keys_of(new) == keys_of(old):
            self.connection.registry.put(new)
            return
        self.replace_rows(
            old, new, rows if rows is not None else self.rows(old), old_field, new_field
        )

    def altered(self, model: type[Model], old_field: Any, new_field: Any) -> Table:
        """The table with the new field in the old one's place."""
        builder = TableBuilder(self.connection, getattr(new_field, "model", model))
        table = builder.build()
        if new_field.column not in table.by_name:
            column = builder.column(new_field)
            table.columns = [column if c.name == old_field.column else c for c in table.columns]
            table.__dict__.pop("by_name", None)
        return table

    def replace_rows(
        self, old: Table, new: Table, rows: list[Item], old_field: Any, new_field: Any
    ) -> None:
        self.release_guards(old)
        if new.key != old.key:
            self.control.delete(old.name)
            self.control.create(new)
        for index in old.indexes:
            if index not in new.indexes:
                self.control.remove_index(old, index.name)
        values = [renamed(old.decode(row), old_field.column, new_field.column) for row in rows]
        if old_field.null and not new_field.null:
            default = self.effective_default(new_field)
            values = [
                {
                    **row,
                    new_field.column: default
                    if row[new_field.column] is None
                    else row[new_field.column],
                }
                for row in values
            ]
        self.load(new, [new.encode(shared(row, new)) for row in values])
        self.connection.registry.put(new)
        for index in new.indexes:
            self.control.add_index(new, index)
        self.control.set_ttl(new)

    def alter_many_to_many(self, old_field: Any, new_field: Any) -> None:
        old, new = old_field.remote_field.through, new_field.remote_field.through
        self.alter_db_table(new, old._meta.db_table, new._meta.db_table)

    def add_index(self, model: type[Model], index: Any) -> None:
        self.follow(model, add=index)

    def remove_index(self, model: type[Model], index: Any) -> None:
        self.follow(model, remove=index)

    def rename_index(self, model: type[Model], old_index: Any, new_index: Any) -> None:
        self.follow(model, add=new_index, remove=old_index)

    def add_constraint(self, model: type[Model], constraint: Any) -> None:
        self.follow(model, add=constraint)

    def remove_constraint(self, model: type[Model], constraint: Any) -> None:
        self.follow(model, remove=constraint)

    def alter_unique_together(self, model: type[Model], old: Any, new: Any) -> None:
        self.follow(model)

    def alter_index_together(self, model: type[Model], old: Any, new: Any) -> None:
        self.follow(model)

    def alter_db_tablespace(self, model: type[Model], old: Any, new: Any) -> None:
        pass


def made_for(model: type[Model]) -> list[type[Model]]:
    """The tables between models that Django makes for the model's many-to-many fields."""
    through: list[Any] = [f.remote_field.through for f in model._meta.local_many_to_many]
    return [each for each in through if each._meta.auto_created]


def shared(values: dict[str, Any], table: Table) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in table.by_name}


def renamed(values: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return {new if name == old else name: value for name, value in values.items()}


def same(old_field: Any, new_field: Any) -> bool:
    """Whether the rows can stay as they are."""
    return (
        old_field.get_internal_type() == new_field.get_internal_type()
        and old_field.unique == new_field.unique
        and (new_field.null or not old_field.null)
    )


def keys_of(table: Table) -> Any:
    return table.key, [(column.name, column.codec) for column in table.columns]
