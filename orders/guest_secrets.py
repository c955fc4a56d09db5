"""The secret with which a guest reads an order: derived from its number, stored nowhere."""

from django.core.signing import BadSignature, Signer

SALT = "orders.secret"


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
