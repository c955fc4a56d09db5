"""The secret with which a guest reads an order: derived from its number, stored nowhere."""

import re

from django.core.signing import BadSignature, Signer

SALT = "orders.secret"
SECRET = re.compile(r"^[A-Za-z0-9_-]{43}$")  # as order_secret makes them


def order_secret(number: str) -> str:
    """256 bits that only the shop's SECRET_KEY can make."""
    return Signer(salt=SALT).signature(number)


def is_order_secret(number: str, secret: str) -> bool:
    """Compared in constant time, also with secrets made by an earlier SECRET_KEY."""
    try:
        Signer(salt=SALT).unsign(f"{number}:{secret}")
    except BadSignature:
        return False
    return True
