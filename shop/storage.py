"""Where images are kept and where browsers find them."""

from urllib.parse import quote, urljoin

from django.conf import settings
from storages.backends.s3 import S3Storage


class ImageStorage(S3Storage):
    """S3, with links to the CDN (`IMAGE_BASE_URL`) in place of the bucket."""

    def url(self, name: str, *args: object, **kwargs: object) -> str:
        return image_url(name)


def image_url(name: str) -> str:
    """The address of a stored image; empty for no image."""
    return urljoin(settings.IMAGE_BASE_URL, quote(name)) if name else ""
