"""Order numbers: short enough to be read out, and nothing can be told from them."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: no I, L, O, U
NUMBER = re.compile(rf"[{ALPHABET}]{{4}}(-[{ALPHABET}]{{4}}){{2}}", re.ASCII)


def new_number() -> str:
    """A random number like K7Q2-9FXM-3TBD: 60 bits, neither a count nor a date."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def parse_number(text: str) -> str | None:
    """The number that was typed, in capitals; None if it cannot be one."""
    number = text.strip().upper()
    return number if NUMBER.fullmatch(number) else None
