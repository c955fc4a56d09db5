"""Order numbers: short enough to be read out, and nothing can be told from them."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: no I, L, O, U
NUMBER = re.compile(rf"[{ALPHABET}]{{4}}(-[{ALPHABET}]{{4}}){{2}}", re.ASCII)
#: Between the letters of a number that was typed, or copied from a mail: spaces, dashes of every
#: length, the minus sign.
BETWEEN = r"[\s\u2010-\u2015\u2212\u00ad-]*"
TYPED = rf"[0-9A-Za-z](?:{BETWEEN}[0-9A-Za-z]){{11}}"  # compiled by `re` at its first use
#: What people read where the alphabet has another letter (https://www.crockford.com/base32.html).
MISREAD = str.maketrans("OIL", "011")


def new_number() -> str:
    """A random number like K7Q2-9FXM-3TBD: 60 bits, neither a count nor a date."""
    return grouped("".join(secrets.choice(ALPHABET) for _ in range(12)))


def parse_number(text: str) -> str | None:
    """The number that was typed; None if it cannot be one.

    In capitals or not, with dashes, spaces or nothing between the groups, O for 0, I or L for 1.
    """
    if not re.fullmatch(TYPED, text.strip()):
        return None
    number = grouped(re.sub(BETWEEN, "", text).upper().translate(MISREAD))
    return number if NUMBER.fullmatch(number) else None


def grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, 12, 4))
