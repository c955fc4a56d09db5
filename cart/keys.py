"""Whose cart it is, as the cart's key.

A guest's cart is known by a secret token. Only its hash is stored: whoever reads the
table cannot open anybody's cart.
"""

import hashlib
import re
import secrets
from typing import Any

GUEST, USER = "guest:", "user:"
GUEST_HASH = re.compile(rf"{GUEST}([0-9a-f]{{64}})")  # as guest_key makes them
GUEST_TOKEN = re.compile(r"^[A-Za-z0-9_-]{43}$")  # as new_token makes them


def new_token() -> str:
    """A guest's secret: 256 random bits, in 43 characters that a header may carry."""
    return secrets.token_urlsafe(32)


def guest_key(token: str) -> str:
    return GUEST + hashlib.sha256(token.encode()).hexdigest()


def user_key(user_id: Any) -> str:
    return f"{USER}{user_id}"
