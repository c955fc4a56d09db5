"""Orders by what a clerk has of them: a number, an address's or a name's beginning.

Each way is a read by key or a Query by an index, of at most MOST_FOUND keys.
"""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.beginnings import MOST_FOUND, keys_by, surname_first
from backoffice.words import normalise
from orders.models import Order
from orders.numbers import parse_number

HELP = format_lazy(
    _(
        "An order number, with or without dashes; the beginning of an email address or of the "
        "recipient's surname (three letters, or a whole word); first name and surname. "
        "At most {most} are found."
    ),
    most=MOST_FOUND,
)


def search_orders(text: str) -> set[str]:
    """The numbers of the orders that the text may mean."""
    term = text.strip()
    number = parse_number(term)
    if number and any(character.isdigit() for character in term):
        return {number}
    if "@" in term:
        return keys_by(Order, "email", term.lower())
    found = {number} if number else set()  # or a name of twelve letters
    if " " not in term:
        found |= keys_by(Order, "email", term.lower())
    for name in {normalise(term), surname_first(term)}:
        found |= keys_by(Order, "recipient", name)
    return found
