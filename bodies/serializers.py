"""Bodies of requests: a field that nothing reads is a mistake, and is told."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext
from rest_framework import serializers

MOST_NAMED = 10  # of a body's unknown fields: the answer must not outgrow the request by much


class KnownFieldsOnly:
    """What every serializer of a body has, before REST framework's: other fields are refused.

    `{"sku": "MUG", "quantity": 1, "wrap": true}` would else be taken, and nothing wrapped.
    """

    #: By field: what it is called elsewhere, for whoever sends it by that name.
    also_called: ClassVar[Mapping[str, str]] = {}

    def to_internal_value(self, data: Any) -> Any:
        errors = self.unknown(data) if isinstance(data, Mapping) else {}
        try:
            value = super().to_internal_value(data)  # type: ignore[misc]  # Serializer's
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**error.detail, **errors}) from error  # type: ignore[dict-item]  # of a whole body it is a dict
        if errors:
            raise serializers.ValidationError(errors)
        return value

    def unknown(self, sent: Iterable[str]) -> dict[str, list[str]]:
        """A sentence by each field that is none."""
        fields: Mapping[str, Any] = self.fields  # type: ignore[attr-defined]  # Serializer's
        known = [name for name, field in fields.items() if not field.read_only]
        told = [
            f"{name} ({self.also_called[name]})" if name in self.also_called else name
            for name in known
        ]
        sentence = gettext("Nothing reads this. Known here: {names}.").format(names=", ".join(told))
        return {name: [sentence] for name in sorted(set(sent) - set(known))[:MOST_NAMED]}


def validated(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    """What the body says. Raises ValidationError."""
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
