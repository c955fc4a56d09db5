"""Migrations: DynamoDB's tables and indexes follow the models' state.

Columns need nothing: rows without an attribute read as NULL, so a new column with a
default is written into the rows that are there. The virtual tables follow each step,
so that a data migration reads and writes the historical model it was given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.backends.sqlite3.schema import DatabaseSchemaEditor as SQLiteSchemaEditor
from django.db.models import BaseConstraint, Model
from django.db.models import Index as ModelIndex

from dynamodb.rows.commit import commits_whole
from dynamodb.schema.following import FollowingBuilder
from dynamodb.schema.generated import refuse_to_regenerate
from dynamodb.schema.relations import (
    columns_between,
    made_by,
    made_for,
    refers_to,
    table_is_made_by,
)
from dynamodb.schema.reshaping import Reshaping, refuse_impossible
from dynamodb.tables.adapters import adapt
from dynamodb.tables.table import Table, table_name
from dynamodb.tables.values import ModelField

DROP_TABLE = re.compile(r'\s*DROP\s+TABLE\s+"?([^"\s;]+)"?\s*;?\s*', re.IGNORECASE)
Named = ModelIndex | BaseConstraint
Together = Sequence[Sequence[str]]  # names of fields


class DatabaseSchemaEditor(Reshaping, BaseDatabaseSchemaEditor):
    sql_delete_table = "DROP TABLE %(table)s"
    quote_value = SQLiteSchemaEditor.quote_value
    connection: Any

    def __enter__(self) -> DatabaseSchemaEditor:
        self.deferred_sql: list[Any] = []
        self.connection.ensure_connection()
        self.whole = ExitStack()
        self.whole.enter_context(commits_whole())  # what a migration writes is its own to divide
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.whole.close()

    def build(self, model: type[Model]) -> Table:
        return FollowingBuilder(self.connection, model).build()

    def execute(self, sql: Statement | str, params: Sequence[Any] | None = ()) -> None:
        """RunSQL's statements: read and write rows, as any other SQL."""
        if self.collect_sql:
            text = str(sql) % tuple(map(self.quote_value, params)) if params else str(sql)
            self.collected_sql.append(text if text.rstrip().endswith(";") else f"{text};")
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
            self.delete(table)
        self.control.delete(table_name(self.connection.table_prefix, sql_name))

    # Tables --------------------------------------------------------------------------

    def create_model(self, model: type[Model]) -> None:
        table = self.build(model)
        refuse_impossible(table)
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
        self.delete(table)

    def alter_db_table(self, model: type[Model], old_db_table: str, new_db_table: str) -> None:
        """DynamoDB renames nothing: a new table, the rows copied, the old one deleted.

        The columns stay as they are: their names are altered field by field.
        """
        old = self.connection.registry.tables.get(old_db_table)
        if old is None or old_db_table == new_db_table or self.collect_sql:
            return
        name = table_name(self.connection.table_prefix, new_db_table)
        new = replace(old, name=name, sql_name=new_db_table)
        self.copy(old, new, {})

    # Columns, indexes, constraints: the table anew from the model -----------------------

    def follow(
        self, model: type[Model], add: Named | None = None, remove: Named | None = None
    ) -> None:
        """Bring DynamoDB's indexes, the guards and the virtual table to the model's state.

        `add` and `remove`: an index or a constraint that the model does not show yet, or
        shows still.
        """
        if self.collect_sql:
            return
        builder = FollowingBuilder(self.connection, model)
        others = {each.name for each in (add, remove) if each is not None}
        known: list[Any] = builder.model_constraints
        if isinstance(add or remove, ModelIndex):
            known = builder.model_indexes
        known[:] = [each for each in known if each.name not in others]
        if add is not None:
            known.append(add)
        self.adopt(builder.build())

    def add_field(self, model: type[Model], field: ModelField) -> None:
        if field.many_to_many:
            for through in made_by(field):
                self.create_model(through)
            return
        if field.column is None or self.collect_sql:
            return
        builder = FollowingBuilder(self.connection, model)
        builder.fields = [f for f in builder.fields if f.column != field.column]
        if field.primary_key:  # Django's own, which a model without one has
            builder.fields = [f for f in builder.fields if not (f.primary_key and f.auto_created)]
            builder.new_key = field.column
        builder.fields.append(field)
        default = self.default_of(field)
        self.adopt(builder.build(), fills={} if default is None else {field.column: default})

    def default_of(self, field: ModelField) -> Any:
        """What rows that are there get in a new column, as SQLite has it."""
        if field.generated:
            return None
        if field.has_db_default():
            sql, params = self.db_default_sql(field)
            return (
                self.connection.connection.cursor().execute(f"SELECT {sql}", params).fetchone()[0]
            )
        return adapt(self.effective_default(field))

    def remove_field(self, model: type[Model], field: ModelField) -> None:
        if field.many_to_many:
            for through in made_by(field):
                self.delete_model(through)
            return
        if field.column is None or self.collect_sql:
            return
        builder = FollowingBuilder(self.connection, model)
        builder.fields = [f for f in builder.fields if f.column != field.column]
        if field.primary_key and not any(f.primary_key for f in builder.fields):
            builder.removed_key = field
        self.adopt(builder.build())

    def alter_field(
        self, model: type[Model], old_field: ModelField, new_field: ModelField, strict: bool = False
    ) -> None:
        if self.collect_sql or not self.should_be_altered(old_field, new_field):
            return
        if old_field.many_to_many or new_field.many_to_many:
            self.alter_relation(old_field, new_field)
            return
        if old_field.column is None or new_field.column is None:
            return
        refuse_to_regenerate(self.connection, old_field, new_field)
        builder = self.builder_with(model, old_field, new_field)
        default = self.default_of(new_field) if old_field.null and not new_field.null else None
        builder.new_key = new_field.column if new_field.primary_key else None
        self.adopt(
            builder.build(),
            sources={new_field.column: old_field.column},
            fills={} if default is None else {new_field.column: default},
        )
        if new_field.unique and self.identity(old_field) != self.identity(new_field):
            self.alter_references(builder.model, new_field)

    def identity(self, field: ModelField) -> tuple[str | None, str | None]:
        """What foreign keys to it take over of a field."""
        return field.db_type(self.connection), field.column

    def alter_references(self, model: type[Model], field: ModelField) -> None:
        """Foreign keys have the type of what they refer to."""
        for other in model._meta.apps.get_models(include_auto_created=True):
            refer = (f for f in other._meta.local_concrete_fields if refers_to(f, model, field))
            if other is not model and any(refer):
                self.adopt(FollowingBuilder(self.connection, other).build())

    def should_be_altered(self, old_field: ModelField, new_field: ModelField) -> bool:
        """Django's own judgement, which its stubs do not show."""
        decide: Callable[[Any, Any], bool] = getattr(self, "_field_should_be_altered")  # noqa: B009
        return decide(old_field, new_field)

    def builder_with(
        self, model: type[Model], old_field: ModelField, new_field: ModelField
    ) -> FollowingBuilder:
        """The model with the new field in the old one's place."""
        renames = {str(old_field.column): str(new_field.column)}
        later = FollowingBuilder(self.connection, getattr(new_field, "model", model))
        later.renames = renames
        if any(f is new_field for f in later.fields):
            later.fields = [f for f in later.fields if f is new_field or f is not old_field]
            return later
        builder = FollowingBuilder(self.connection, model)
        builder.renames = renames
        others = {old_field.column, new_field.column}
        builder.fields = [f for f in builder.fields if f.column not in others]
        builder.fields.insert(0 if new_field.primary_key else len(builder.fields), new_field)
        return builder

    def alter_relation(self, old_field: ModelField, new_field: ModelField) -> None:
        """As Django's other editors: ValueError where the table between would change hands."""
        kinds = {table_is_made_by(old_field), table_is_made_by(new_field)}
        if kinds == {"Django"}:
            self.alter_many_to_many(old_field, new_field)
        elif kinds != {"a model"}:
            raise ValueError(
                f"Cannot alter field {old_field} into {new_field} - they are not compatible types "
                "(you cannot alter to or from M2M fields, or add or remove through= on M2M fields)"
            )

    def _alter_many_to_many(
        self, model: type[Model], old_field: ModelField, new_field: ModelField, strict: bool
    ) -> None:
        """What RenameModel calls."""
        self.alter_many_to_many(old_field, new_field)

    def alter_many_to_many(self, old_field: ModelField, new_field: ModelField) -> None:
        """The table between two models under its new name, with its columns' new names."""
        [before], [through] = made_by(old_field), made_by(new_field)
        old_name = before._meta.db_table
        old = self.connection.registry.tables.get(old_name)
        if old is None:
            return
        names = columns_between(old_field), columns_between(new_field)
        renames = dict(zip(*names, strict=True))
        new = self.build(through)
        if new.sql_name != old_name:
            self.copy(old, new, renames)
        else:
            self.adopt(new, sources={later: earlier for earlier, later in renames.items()})

    def add_index(self, model: type[Model], index: ModelIndex) -> None:
        self.follow(model, add=index)

    def remove_index(self, model: type[Model], index: ModelIndex) -> None:
        self.follow(model, remove=index)

    def rename_index(
        self, model: type[Model], old_index: ModelIndex, new_index: ModelIndex
    ) -> None:
        self.follow(model, add=new_index, remove=old_index)

    def add_constraint(self, model: type[Model], constraint: BaseConstraint) -> None:
        self.follow(model, add=constraint)

    def remove_constraint(self, model: type[Model], constraint: BaseConstraint) -> None:
        self.follow(model, remove=constraint)

    def alter_unique_together(self, model: type[Model], old: Together, new: Together) -> None:
        builder = FollowingBuilder(self.connection, model)
        builder.unique_together = list(new)
        if not self.collect_sql:
            self.adopt(builder.build())

    def alter_index_together(self, model: type[Model], old: Together, new: Together) -> None:
        builder = FollowingBuilder(self.connection, model)
        builder.index_together = list(new)
        if not self.collect_sql:
            self.adopt(builder.build())

    def alter_db_tablespace(self, model: type[Model], old: str, new: str) -> None:
        pass
