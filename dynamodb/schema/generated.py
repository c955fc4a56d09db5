"""What a migration may do to a generated column: nothing."""

from __future__ import annotations

from django.core.exceptions import FieldError
from django.db.models import GeneratedField

from dynamodb.tables.connection import EngineConnection
from dynamodb.tables.values import ModelField


def refuse_to_regenerate(
    connection: EngineConnection, old_field: ModelField, new_field: ModelField
) -> None:
    """As Django's other editors: ValueError where a generated column would change."""
    changed = old_field.generated != new_field.generated
    if isinstance(old_field, GeneratedField) and isinstance(new_field, GeneratedField):
        try:
            old_sql = old_field.generated_sql(connection)
        except FieldError:  # a column that it is computed from was renamed
            old_sql = None
        same = old_sql == new_field.generated_sql(connection)
        kept = old_field.db_persist == new_field.db_persist  # type: ignore[attr-defined]  # not in the stubs
        changed = not (same and kept)
    if changed:
        raise ValueError(
            f"Modifying GeneratedFields is not supported - the field {new_field} "
            "must be removed and re-added with the new definition."
        )
