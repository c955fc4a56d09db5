"""Pages that a change has made old go from the bucket at once.

What the bucket has not, CloudFront asks the shop for, and keeps the answer for a minute; the
next rendering (`manage.py render_storefront`, each deployment) puts the page back. One that could
not be removed is old until then: its module shows the prices and the stock of now all the same,
and checkout charges no other price than the one that was shown.
"""

import logging
from collections.abc import Collection
from functools import cache
from typing import Any

from django.conf import settings

from storefront.pages import category_path, product_path
from storefront.places import Bucket
from storefront.publishing import key_of
from storefront.texts import LANGUAGES

logger = logging.getLogger(__name__)


def on_published(*, slugs: Collection[str], categories: Collection[str], **_signal: Any) -> None:
    """A product was published or withdrawn: by these slugs, on the lists of these categories."""
    paths = ["", "products/", *map(product_path, slugs), *map(category_path, categories)]
    if settings.SITE_BUCKET:
        forget(paths)


def on_tree_changed(**_signal: Any) -> None:
    """The navigation is on every page: all go, of a large shop in seconds."""
    if not settings.SITE_BUCKET:
        return
    try:
        place = bucket(settings.SITE_BUCKET)
        place.leave_mark()
        place.remove([key for key in place.known() if is_page(key)])
    except Exception:  # whatever S3 says: what was saved is saved
        logger.exception("Pages of the storefront stay old until they are rendered")


def is_page(key: str) -> bool:
    return key.endswith(("/", ".html"))


def forget(paths: Collection[str]) -> None:
    keys = [key_of(path, language) for path in paths for language in LANGUAGES]
    try:
        place = bucket(settings.SITE_BUCKET)
        place.leave_mark()
        place.remove(keys)
    except Exception:  # whatever S3 says: what was saved is saved
        logger.exception("Pages of the storefront stay old until they are rendered: %s", keys)


@cache
def bucket(name: str) -> Bucket:
    return Bucket(name)
