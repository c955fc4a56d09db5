"""What migrations ask of the relations between models."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from dynamodb.tables.values import ModelField


def refers_to(field: ModelField, model: type[Model], target: ModelField) -> bool:
    """Whether it is a foreign key to this field of the model, or to one that is such itself."""
    found = getattr(field, "target_field", None) if field.remote_field else None
    if found is None:
        return False
    own = found.model is model and found.column == target.column
    return own or refers_to(found, model, target)


def through_of(field: ModelField) -> type[Model] | None:
    """The table between two models, of a many-to-many field."""
    through: type[Model] | None = getattr(field.remote_field, "through", None)
    return through if field.many_to_many else None


def made_by(field: ModelField) -> list[type[Model]]:
    """The table between two models that Django makes for the field, if it does."""
    through = through_of(field)
    return [through] if through is not None and through._meta.auto_created else []


def made_for(model: type[Model]) -> list[type[Model]]:
    """The same for all of the model's many-to-many fields."""
    return [each for field in model._meta.local_many_to_many for each in made_by(field)]


def table_is_made_by(field: ModelField) -> str:
    """Whose the table between two models is, if the field has one."""
    if through_of(field) is None:
        return "nobody"
    return "Django" if made_by(field) else "a model"


def columns_between(field: ModelField) -> tuple[str, str]:
    """Of the table that Django makes for a field: what refers to its model, and to the other."""
    many: Any = field  # Django gives it these when it knows both models
    return many.m2m_column_name(), many.m2m_reverse_name()
