"""The words of the pages, a file a language; what the catalogue says is in its own."""

from functools import cache
from pathlib import Path
from typing import Any

import orjson

#: The first is at the root of the site, the others below their letters.
LANGUAGES = ("en", "de")
Text = str | dict[str, str]


@cache
def texts_of(language: str) -> dict[str, dict[str, Text]]:
    """The words of a language by room and name; a plural is {"one": …, "other": …}."""
    content = Path(__file__).with_name(f"{language}.json").read_bytes()
    texts: dict[str, dict[str, Text]] = orjson.loads(content)
    return texts


def say(language: str, key: str, **values: Any) -> str:
    """The words for `room.name`, with the values in their places; `count` picks the plural.

    Raises KeyError for words or values that are not there.
    """
    room, _, name = key.partition(".")
    text = texts_of(language)[room][name]
    if isinstance(text, dict):
        # So do English and German; another language brings its own rule.
        text = text["one" if values["count"] == 1 else "other"]
    return text.format_map(values) if values else text
