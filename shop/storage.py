"""Where images are kept and where browsers find them."""

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin

from django.conf import settings

if TYPE_CHECKING:
    from storages.backends.s3 import S3Storage


class ImageStorage:
    """S3, with links to the CDN (`IMAGE_BASE_URL`) in place of the bucket.

    Customers' requests need the links alone: boto3, which takes a tenth of a second to
    import, comes with the first picture that is read or written.
    """

    def __init__(self, **options: Any):
        self.options = options

    @cached_property
    def s3(self) -> "S3Storage":
        from storages.backends.s3 import S3Storage

        return S3Storage(**self.options)

    def url(self, name: str) -> str:
        return image_url(name)

    def __getattr__(self, name: str) -> Any:
        if name == "s3" or name.startswith("__"):  # what a copy is asked before it has its options
            raise AttributeError(name)
        return getattr(self.s3, name)


def image_url(name: str) -> str:
    """The address of a stored image; empty for no image."""
    return address(settings.IMAGE_BASE_URL, name) if name else ""


@lru_cache(maxsize=4096)  # a list has dozens, and is asked for again
def address(base: str, name: str) -> str:
    return urljoin(base, quote(name))
