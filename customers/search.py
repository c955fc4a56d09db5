"""Customers by what staff have of them: an id, an address's or a name's beginning."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.beginnings import MOST_FOUND, keys_by, surname_first
from backoffice.words import normalise
from customers.models import Customer
from customers.selectors import usable_address

HELP = format_lazy(
    _(
        "The beginning of an email address or of the surname (three letters, or a whole word); "
        "first name and surname; or a customer's id. At most {most} are found."
    ),
    most=MOST_FOUND,
)
ID = 32  # letters


def search_customers(text: str) -> set[str]:
    """The ids of the customers that the text may mean; each way is a Query by an index."""
    term = text.strip().lower()
    if len(term) == ID and all(letter in "0123456789abcdef" for letter in term):
        return {term}
    if "@" in term:
        return keys_by(Customer, "email", usable_address(term) or term)
    found = keys_by(Customer, "email", term) if " " not in term else set()
    for name in {normalise(term), surname_first(term)}:
        found |= keys_by(Customer, "surname_first", name)
    return found
