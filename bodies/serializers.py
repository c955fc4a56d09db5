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


# Fields are bound to a serializer when it is made: copied, one by one. Ours are made once, since
# they keep nothing between one use and the next.
_made: dict[type[serializers.Serializer[Any]], serializers.Serializer[Any]] = {}


def made(kind: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """The process's serializer of this kind: without a request, an instance or data of its own."""
    known = _made.get(kind)
    if known is None:
        known = kind()
        known.fields  # noqa: B018  bound before another thread has it
        _made[kind] = known
    return known


def represented(kind: type[serializers.Serializer[Any]], value: Any) -> dict[str, Any]:
    """What `kind(value).data` is."""
    found: dict[str, Any] = made(kind).to_representation(value)
    return found


def validated(kind: type[serializers.Serializer[Any]], sent: Any) -> dict[str, Any]:
    """What the body says, as `kind(data=sent)` reads it. Raises ValidationError."""
    serializer = made(kind)
    try:
        found: dict[str, Any] = serializer.run_validation(sent)
    except serializers.ValidationError as error:
        # A list is of no body at all, and `Serializer.errors` has its own words for it.
        if isinstance(error.detail, dict):
            raise
        serializer = kind(data=sent)
        serializer.is_valid(raise_exception=True)
        raise
    return found
