"""One line of a table, by the names of its columns."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError

from catalog.importing.drafts import LineError
from catalog.pairs import parse_pairs

POINT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+", re.ASCII)  # 1234,50 and 1.234,50
LARGEST = 999_999_999  # of what is counted


class Line:
    """One line of a file; collects what is wrong with its cells, and what is to be said of them.

    `decimal_comma`: whether 12,50 is a number, as where semicolons or tabs separate.
    """

    def __init__(self, number: int, cells: dict[str, Any], *, decimal_comma: bool = False):
        self.number = number
        self.cells = cells
        self.decimal_comma = decimal_comma
        self.errors: list[LineError] = []
        self.notes: list[LineError] = []

    def text(self, column: str) -> str:
        return (self.cells.get(column) or "").strip()

    def required(self, column: str) -> str:
        text = self.text(column)
        if not text:
            self.refuse(column, "This must not be empty.")
        return text

    def number_in(self, text: str) -> Decimal | None:
        """None for what is no number."""
        if POINT.fullmatch(text):
            return Decimal(text)
        if self.decimal_comma and COMMA.fullmatch(text):
            return Decimal(text.replace(".", "").replace(",", "."))
        return None

    def whole(self, column: str) -> int:
        """A whole number from 0, also as 340.0; empty is 0."""
        text = self.text(column) or "0"
        number = self.number_in(text)
        if number is not None and number == int(number) and 0 <= number <= LARGEST:
            return int(number)
        self.refuse(column, f"{text} is not a whole number from 0.")
        return 0

    def rounded(self, column: str, unit: Decimal = Decimal(1)) -> int:
        """So many times `unit`, half up to a whole number from 0; empty is 0."""
        text = self.text(column) or "0"
        number = self.number_in(text)
        if number is not None and 0 <= number * unit <= LARGEST:
            return int((number * unit).to_integral_value(ROUND_HALF_UP))
        self.refuse(column, f"{text} is not a number from 0.")
        return 0

    def decimal(self, column: str) -> Decimal:
        text = self.required(column)
        number = self.number_in(text) if text else Decimal(0)
        if number is not None:
            return number
        self.refuse(column, f"{text} is not a number such as 12.50.")
        return Decimal(0)

    def pairs(self, column: str) -> dict[str, str]:
        try:
            return parse_pairs(self.text(column))
        except ValidationError as error:
            self.refuse(column, " ".join(error.messages))
            return {}

    def refuse(self, column: str, message: str) -> None:
        self.errors.append(LineError(self.number, column, message))

    def note(self, column: str, message: str) -> None:
        self.notes.append(LineError(self.number, column, message))
