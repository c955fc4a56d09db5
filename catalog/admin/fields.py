"""Form fields that managers can read."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from catalog.pairs import format_pairs, parse_pairs


class PairsField(forms.CharField):
    """A dict of words, edited as `colour=Red; size=M`, or with a line for each."""

    def prepare_value(self, value: Any) -> Any:
        return format_pairs(value) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> dict[str, str]:  # type: ignore[override]
        if isinstance(value, dict):  # as stored, where it is not for this person to change
            return value
        return parse_pairs(";".join((super().to_python(value) or "").splitlines()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return (initial or {}) != self.to_python(data)
        except ValidationError:
            return True
