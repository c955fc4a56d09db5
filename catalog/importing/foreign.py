"""What exports of other shops have in common: numbers they need not have, pictures by address.

Their files are not written for this shop. What it cannot hold is left out or taken for
something near, and told in a note; what nobody could guess is refused.
"""

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError

from catalog.importing.drafts import ImageDraft
from catalog.importing.lines import Line
from catalog.validators import validate_gtin

#: As the exports write them, and as Excel writes them again in its user's language.
YES = frozenset(("true", "1", "yes", "wahr", "vrai", "verdadero", "vero", "waar"))
NO = frozenset(("false", "0", "no", "falsch", "faux", "falso", "onwaar"))
UNCOUNTED = ("", "parent")  # of a variation: its product's stock is counted, for all together


def stock_of(line: Line, column: str, *, sold_out: bool = False) -> int:
    """What is in stock. Nothing where none is counted, or more was sold than there was."""
    text = line.text(column)
    if text.lower() in UNCOUNTED:
        if not sold_out:
            line.note(
                column, "No stock is counted there, so it is 0 here: set it before it can sell."
            )
        return 0
    number = line.number_in(text)
    if number is not None and number < 0:
        line.note(column, f"{text} in stock is taken as 0.")
        return 0
    return line.rounded(column)


def barcode_of(line: Line, column: str) -> str:
    """The barcode if it is a GTIN; other shops take any text for one."""
    code = line.text(column).removeprefix("'")
    try:
        if code:
            validate_gtin(code)
    except ValidationError as error:
        line.note(column, f"{code} is left out. {' '.join(error.messages)}")
        return ""
    return code


def image_at(line: Line, address: str, alt: str) -> ImageDraft:
    """The picture by the name that its file has when somebody has fetched it."""
    name = PurePosixPath(unquote(urlsplit(address).path)).name
    return ImageDraft(line.number, name or address, alt[:200], is_address=True)


def word(text: str) -> str:
    """A name or a value of an option, without what separates them here."""
    return text.replace(";", ",").strip()


def option_name(text: str) -> str:
    return word(text).replace("=", "-")
