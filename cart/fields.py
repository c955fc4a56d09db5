"""Fields: requests are taken as JSON means them (no "3" for 3), pictures shown by URL."""

from typing import Any

from django.core.files.storage import default_storage
from rest_framework import serializers


class WholeNumberField(serializers.IntegerField):
    """A JSON integer; strings, fractions and booleans are refused."""

    default_error_messages = {"invalid": "A whole number, without quotes."}

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return data


class TextField(serializers.CharField):
    """A JSON string; numbers are refused, surrounding blanks dropped."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class ImageUrlField(serializers.CharField):
    """Out goes the URL of a stored image's name; empty for no image."""

    def to_representation(self, value: str) -> str:
        return default_storage.url(value) if value else ""
