"""What may be in a cart: pure functions over its lines. They return new lines."""

from datetime import datetime
from decimal import Decimal
from typing import NotRequired, TypedDict

from django.utils.translation import gettext
from rest_framework.exceptions import ValidationError

from cart.errors import CartFull, CartLineNotFound
from pricing.money import Money

MOST_OF_A_LINE = 99
# One BatchGetItem (100 keys) reads variant and stock of each line, and one transaction
# (100 writes) reserves the stock of all lines beside what else it writes.
MOST_LINES = 50


class StoredPrice(TypedDict):
    price: str
    currency: str


class Line(TypedDict):
    quantity: int
    price: str  # as it was when the line was made
    currency: NotRequired[str]  # the price's; of lines of before it is the shop's
    added_at: str  # ISO 8601


Lines = dict[str, Line]


def add_to_lines(
    lines: Lines,
    *,
    sku: str,
    quantity: int,
    price: Money,
    now: datetime,
    before: Money | None = None,
) -> Lines:
    """The lines with `quantity` more of the SKU, at `price` for all of it. A line that exists keeps
    its place, and its price too, unless that is what the line costs now (`before`): then only the
    quantity makes the difference, and nothing has changed that could be reported.

    Raises ValidationError over 99 of a line, CartFull over 50 lines.
    """
    line = lines.get(sku)
    if line is None:
        if len(lines) >= MOST_LINES:
            raise CartFull
        line = {"quantity": 0, **stored_price(price), "added_at": now.isoformat()}
    elif before is not None and seen_price(line, before.currency) == before:
        line = {**line, **stored_price(price)}
    return {**lines, sku: {**line, "quantity": allowed_quantity(line["quantity"] + quantity)}}


def set_in_lines(lines: Lines, *, sku: str, quantity: int, price: Money) -> Lines:
    """The lines with exactly `quantity` of the SKU, at the price now shown.

    Raises CartLineNotFound, or ValidationError over 99.
    """
    line = line_of(lines, sku)
    quantity = allowed_quantity(quantity)
    return {**lines, sku: {**line, "quantity": quantity, **stored_price(price)}}


def stored_price(price: Money) -> StoredPrice:
    return {"price": str(price.amount), "currency": price.currency}


def seen_price(line: Line, currency: str) -> Money:
    """`currency` is of lines of before."""
    return Money(Decimal(line["price"]), line.get("currency", currency))


def drop_from_lines(lines: Lines, *, sku: str) -> Lines:
    """The lines without the SKU. Raises CartLineNotFound."""
    line_of(lines, sku)
    return {known: line for known, line in lines.items() if known != sku}


def in_order(lines: Lines) -> list[tuple[str, Line]]:
    """The lines as they were added: a map in DynamoDB has no order of its own."""
    return sorted(lines.items(), key=lambda item: (item[1]["added_at"], item[0]))


def line_of(lines: Lines, sku: str) -> Line:
    try:
        return lines[sku]
    except KeyError:
        raise CartLineNotFound from None


def allowed_quantity(quantity: int) -> int:
    if quantity > MOST_OF_A_LINE:
        sentence = gettext("At most {most} of an article.").format(most=MOST_OF_A_LINE)
        raise ValidationError({"quantity": [sentence]})
    return quantity
