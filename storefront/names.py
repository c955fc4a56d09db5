"""Finding products by their names: a file for each two letters that a word begins with.

Made with the pages, so that a search asks no server that must be kept awake. A search that
forgives and ranks takes its place.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

LETTERS = 2


def words(text: str) -> list[str]:
    """The text's words without case and accents; `search.js` has the same rule."""
    plain = unicodedata.normalize("NFKD", text).lower()
    bare = "".join(each for each in plain if not unicodedata.category(each).startswith("M"))
    return [word for word in re.split(r"[\W_]+", bare) if word]


def beginnings(card: dict[str, Any]) -> set[str]:
    """The first letters under which a card is found: of the words of its name and brand."""
    found = words(f"{card['name']} {card['brand']}")
    return {word[:LETTERS] for word in found if len(word) >= LETTERS}


def by_beginning(cards: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """All cards by their first letters, in the order they came."""
    files: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for card in cards:
        for letters in sorted(beginnings(card)):
            files[letters].append(card)
    return dict(files)
