"""Pictures shown by URL."""

from django.core.files.storage import default_storage
from rest_framework import serializers


class ImageUrlField(serializers.CharField):
    """Out goes the URL of a stored image's name; empty for no image."""

    def to_representation(self, value: str) -> str:
        return default_storage.url(value) if value else ""
