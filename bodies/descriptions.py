"""How the API's schema says what bodies refuse. Imported by who makes the schema, and by no others:
drf-spectacular's extensions bring most of it along."""

from typing import Any

from django.core.validators import RegexValidator
from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension

from bodies.fields import ONE_LINE, ONE_LINE_OR_NONE, TextField
from bodies.serializers import KnownFieldsOnly


class NoOtherFields(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # the library's
    """A field that nothing reads."""

    target_class = KnownFieldsOnly
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_serializer(
            self.target, direction, bypass_extensions=True
        )
        return {**schema, "additionalProperties": False} if direction == "request" else schema


class OneLine(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # the library's
    """A text that must be there and has no pattern of its own."""

    target_class = TextField
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        field = self.target
        schema: dict[str, Any] = auto_schema._map_serializer_field(
            field, direction, bypass_extensions=True
        )
        patterned = any(isinstance(each, RegexValidator) for each in field.validators)
        if direction == "request" and not patterned:
            schema.setdefault("pattern", ONE_LINE_OR_NONE if field.allow_blank else ONE_LINE)
        return schema
