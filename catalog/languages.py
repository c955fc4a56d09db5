"""What people read of the catalogue, in each of the shop's languages.

A row's own `name` and `description` are in the first of them, settings.LANGUAGE_CODE. Beside them
`texts` has what there is in the others, {"de": {"name": "Becher"}}, and None where there is none.
Documents carry it under the same name, and nothing where there is none.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

Texts = Mapping[str, Mapping[str, str]]  # by language and field
FIELDS = ("name", "description")


def other_languages() -> dict[str, str]:
    """The codes of all but the first, with what they call themselves."""
    return {code: name for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE}


def merge_texts(known: Texts | None, changes: Texts) -> dict[str, dict[str, str]] | None:
    """What was known, with these changes. An empty text is none; so is what there was in a
    language that the shop no longer has."""
    every = {
        language: {**(known or {}).get(language, {}), **changes.get(language, {})}
        for language in other_languages()
    }
    return only(every, *FIELDS)


def only(texts: Texts | None, *fields: str) -> dict[str, dict[str, str]] | None:
    """The texts of these fields."""
    kept = {
        language: {field: values[field] for field in fields if values.get(field)}
        for language, values in (texts or {}).items()
    }
    return {language: values for language, values in kept.items() if values} or None


def carried(texts: Texts | None, *fields: str) -> dict[str, Any]:
    """The part of a document that has these fields' texts; empty for none."""
    found = only(texts, *fields)
    return {"texts": found} if found else {}


def names_in(texts: Texts | None) -> dict[str, str] | None:
    """The names alone, by language."""
    names = only(texts, "name") or {}
    return {language: values["name"] for language, values in names.items()} or None


def current_language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def choose(first: str, others: Mapping[str, str] | None) -> str:
    """The text in the language that is active, else in the shop's first."""
    return (others or {}).get(current_language(), first)


def language_of(document: Mapping[str, Any], field: str = "name") -> str:
    """The language in which `told` has the field: the active one, else the shop's first."""
    current = current_language()
    found = field in document.get("texts", {}).get(current, {})
    return current if found else settings.LANGUAGE_CODE


def told(document: Mapping[str, Any], language: str = "") -> dict[str, Any]:
    """The document in that language, or the active one; what has no text in it, in the first."""
    own = dict(document)
    texts = own.pop("texts", None)
    if texts:
        own.update(texts.get(language or current_language(), ()))
    return own
