"""Slugs and SKUs made of what a file says: each time the same, so that a file can come again."""

import re
from collections.abc import Iterable
from hashlib import sha256

from django.utils.text import slugify

LONGEST_SLUG, LONGEST_SKU = 100, 64
SLUG = re.compile(r"[A-Za-z0-9_-]+")
NOT_IN_SKUS = re.compile(r"[^A-Za-z0-9._-]+")
#: Letters that do not fall apart into one of ASCII's and an accent.
SPELLED = str.maketrans({"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O",
                         "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"})  # fmt: skip


def shorten(text: str, longest: int) -> str:
    """As it is if it is short enough; else cut, with a mark of the whole at its end."""
    return text if len(text) <= longest else marked(text, text, longest)


def marked(plain: str, whole: str, longest: int) -> str:
    """`plain`, cut as needed, with eight letters that stand for the whole of the text."""
    mark = sha256(whole.encode()).hexdigest()[:8]
    return "-".join(filter(None, (plain[: longest - 9].strip("-"), mark)))


def spell(text: str) -> str:
    """In the letters of a slug; whatever has none there is left out."""
    return slugify(text.translate(SPELLED))


def slug_of_handle(handle: str) -> str:
    """Of another shop's handle: the same, if it can be; no two handles get one slug."""
    if SLUG.fullmatch(handle):
        return shorten(handle, LONGEST_SLUG)
    return marked(spell(handle), handle, LONGEST_SLUG)


def slug_of_name(name: str, longest: int = LONGEST_SLUG) -> str:
    """Of a name: readable, and two names may get one."""
    plain = spell(name)
    return shorten(plain, longest) if plain else marked("", name, longest)


def fit_sku(sku: str) -> str:
    """What is nearest to another shop's SKU; the same if it can be one here."""
    return shorten(NOT_IN_SKUS.sub("-", sku), LONGEST_SKU)


def make_sku(slug: str, values: Iterable[str]) -> str:
    """A SKU for a variant that has none, of its product's slug and its options' values."""
    parts = [slug, *values]
    whole = "-".join(parts)
    plain = "-".join(filter(None, map(spell, parts))).upper()
    is_whole = plain == whole.upper().replace(" ", "-")
    return shorten(plain, LONGEST_SKU) if is_whole else marked(plain, whole, LONGEST_SKU)
