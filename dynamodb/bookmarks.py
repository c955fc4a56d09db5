"""Where a list goes on: the last key shown, as an opaque word for an address."""

import base64
from typing import Any

import orjson


def encode_key(key: object) -> str:
    """The cursor of what follows the row with this key."""
    return base64.urlsafe_b64encode(orjson.dumps({"k": key})).decode()


def decode_key(cursor: str) -> Any:
    """The key as JSON has it. Raises ValueError, KeyError or TypeError for no such cursor."""
    return orjson.loads(base64.urlsafe_b64decode(cursor))["k"]
