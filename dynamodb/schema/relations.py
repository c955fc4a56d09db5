"""What migrations ask of the relations between models."""

from __future__ import annotations

from typing import Any

from django.db.models import Model


def refers_to(field: Any, model: type[Model], target: Any) -> bool:
    """Whether it is a foreign key to this field of the model, or to one that is such itself."""
    found = getattr(field, "target_field", None) if field.remote_field else None
    if found is None:
        return False
    own = found.model is model and found.column == target.column
    return own or refers_to(found, model, target)


def table_is_made_by(field: Any) -> str:
    """Whose the table between two models is, if the field has one."""
    through: Any = field.many_to_many and field.remote_field.through
    if not through:
        return "nobody"
    return "Django" if through._meta.auto_created else "a model"


def made_for(model: type[Model]) -> list[type[Model]]:
    """The tables between models that Django makes for the model's many-to-many fields."""
    through: list[Any] = [f.remote_field.through for f in model._meta.local_many_to_many]
    return [each for each in through if each._meta.auto_created]
