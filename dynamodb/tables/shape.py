"""What Django declares of a model, as far as tables are made of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model

from dynamodb.tables.connection import EngineConnection


class ModelShape:
    """A model's `_meta`, current or historical, in lists of its own.

    `fields`, `model_indexes` and `model_constraints` may be changed before a table is
    built: a migration's step knows them before the model does.
    """

    def __init__(self, connection: EngineConnection, model: type[Model]):
        self.connection, self.model = connection, model
        self.opts: Any = model._meta
        self.fields: list[Any] = list(self.opts.local_concrete_fields)
        self.unique_together: list[Sequence[str]] = list(self.opts.unique_together)
        self.index_together: list[Sequence[str]] = list(getattr(self.opts, "index_together", ()))
        self.model_indexes = list(self.opts.indexes)
        self.model_constraints: list[Any] = list(self.opts.constraints)
        #: The primary key's field where a migration has removed it, and not yet added another:
        #: DynamoDB's rows keep it, and SQL does not see it.
        self.removed_key: Any = None

    def local_columns(self, names: Iterable[str]) -> tuple[str, ...] | None:
        """Columns by field names; None where one is inherited or not there."""
        known = {key: f.column for f in self.fields for key in (f.attname, f.name)}
        found = [known.get(name) for name in names]
        return None if None in found else tuple(column for column in found if column)
