"""Orders by what a clerk has of them: a number, an address's or a name's beginning.

Each way is a read by key or a Query by an index, of at most MOST_FOUND keys.
"""

from django.db.models import QuerySet
from django.db.models.functions import Substr

from backoffice.words import normalise
from orders.models import START, Order
from orders.numbers import parse_number

MOST_FOUND = 200  # keys: two BatchGetItems
LAST = "\U0010ffff"  # sorts behind whatever can follow
HELP = (
    "An order number, with or without dashes; the beginning of an email address or of the "
    "recipient's surname (three letters, or a whole word); first name and surname. "
    f"At most {MOST_FOUND} are found."
)


def surname_first(name: str) -> str:
    """`Ada Byron` as `byron ada`: as it is kept in `Order.recipient`."""
    *others, last = normalise(name).split() or [""]
    return " ".join([last, *others])[:100]


def search_orders(text: str) -> set[str]:
    """The numbers of the orders that the text may mean."""
    term = text.strip()
    number = parse_number(term)
    if number and any(character.isdigit() for character in term):
        return {number}
    if "@" in term:
        return keys_by("email", term.lower())
    found = {number} if number else set()  # or a name of twelve letters
    if " " not in term:
        found |= keys_by("email", term.lower())
    for name in {normalise(term), surname_first(term)}:
        found |= keys_by("recipient", name)
    return found


def keys_by(column: str, beginning: str) -> set[str]:
    """Numbers of orders whose column begins so; of fewer than START letters, only whole words."""
    if not beginning:
        return set()
    partitions = {beginning[:START], f"{beginning} "[:START]}
    ranges = {f"{column}__gte": beginning, f"{column}__lt": beginning + LAST}
    started = Order.objects.annotate(start=Substr(column, 1, START))
    return keys_of(started.filter(start__in=partitions, **ranges).order_by(column))


def keys_of(orders: QuerySet[Order]) -> set[str]:
    return set(orders.values_list("pk", flat=True)[:MOST_FOUND])
