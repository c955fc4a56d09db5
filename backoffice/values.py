"""A field's value as JSON, to be carried by a page and compared with what comes back."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.db.models.fields.files import FieldFile
from django.forms import Field

LONG = 200  # characters; of a longer text its digest is enough to see whether it was changed
KINDS: dict[str, Any] = {
    "decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}


def encode(value: Any) -> Any:
    """As JSON; every object in it has one key, which says what it was."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Model):
        return encode(value.pk)
    if isinstance(value, str | FieldFile):
        return shortened(unix_lines(str(value or "")))
    if isinstance(value, Mapping):
        return {"dict": [[str(name), encode(each)] for name, each in value.items()]}
    if isinstance(value, Iterable):
        return encode_many(list(value))
    kind = type(value).__name__.lower()
    return {kind: str(value)} if kind in KINDS else str(value)


def encode_many(values: list[Any]) -> list[Any]:
    """In their order, but for rows: those come in any."""
    encoded = [encode(each) for each in values]
    return sorted(encoded) if values and isinstance(values[0], Model) else encoded


def shortened(text: str) -> Any:
    if len(text) <= LONG:
        return text
    return {"sha256": hashlib.sha256(text.encode()).hexdigest()}


def unix_lines(text: str) -> str:
    """Browsers send each line's end as CR LF, whatever was shown to them."""
    return text.replace("\r\n", "\n")


def decode(value: Any) -> Any:
    """What was encoded; of long texts their digest."""
    if isinstance(value, list):
        return [decode(each) for each in value]
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    if kind == "dict":
        return {name: decode(each) for name, each in content}
    return KINDS[kind](content) if kind in KINDS else value


def differs(field: Field, shown: Any, posted: Any) -> bool:
    """Is what came back, as the widget read it, another value than what was shown (encoded)?"""
    if isinstance(posted, str):
        posted = unix_lines(posted)
        if shortened(posted) == shown:
            return False
        if isinstance(shown, dict) and "sha256" in shown:
            return bool(encode(field.to_python(posted)) != shown)
    return field.has_changed(decode(shown), posted)
