"""A column's values as a column of another type has them.

Values are SQLite's, as `tables.values` decodes them. What the new column could not hold, or could
not read afterwards, is refused; SQLite would keep it as it is and read it as NULL, or not at all.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from decimal import Decimal

from django.db.utils import DataError, IntegrityError
from django.utils.dateparse import parse_date, parse_datetime, parse_time

from dynamodb.tables.columns import Column
from dynamodb.tables.values import SQLiteValue

UUID = "char(32)"  # the type of a UUIDField, and of no other


def same_type(old: Column, new: Column) -> bool:
    """Whether the values of one are the other's as they are: a longer text is none of another
    type."""
    return (said(old), old.codec, old.digits) == (said(new), new.codec, new.digits)


def said(column: Column) -> str | None:
    """The declared type, where the codec does not say all."""
    return column.sql_type if column.sql_type in BY_TYPE or column.sql_type == "bool" else None


def convert(value: SQLiteValue, old: Column, new: Column) -> SQLiteValue:
    """A value (not NULL) of the old column for the new one.

    Raises DataError where that has no place for it; IntegrityError for what is no JSON, as SQLite's
    CHECK does.
    """
    if same_type(old, new):
        return value
    make = BY_CODEC.get(new.codec) or BY_TYPE.get(new.sql_type, as_text)
    try:
        found = make(value, old, new)
    except (ValueError, ArithmeticError, TypeError):
        found = None
    if found is None:
        raise DataError(
            f"{new.name}: {value!r:.80} cannot become {new.sql_type}. Change such rows first, in a "
            "migration of their own."
        )
    return found


def text_of(value: SQLiteValue) -> str:
    """As SQLite casts it. Raises ValueError for bytes that are no text."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, float):
        digits, e, exponent = f"{value:.15g}".partition("e")
        return f"{digits if '.' in digits else f'{digits}.0'}{e}{exponent}"
    return str(value)


def as_text(value: SQLiteValue, old: Column, new: Column) -> str:
    return text_of(value)


def as_json(value: SQLiteValue, old: Column, new: Column) -> str:
    """The column's encoder refuses texts that are no JSON. Raises IntegrityError, as it does."""
    try:
        return text_of(value)
    except ValueError as error:
        raise IntegrityError(f"CHECK constraint failed: not JSON: {value!r:.80}") from error


def as_binary(value: SQLiteValue, old: Column, new: Column) -> bytes:
    return value if isinstance(value, bytes) else text_of(value).encode()


def as_uuid(value: SQLiteValue, old: Column, new: Column) -> str:
    return uuid.UUID(text_of(value)).hex


def as_number(value: SQLiteValue, old: Column, new: Column) -> SQLiteValue:
    """An integer where it is one: texts are read as numbers."""
    number = Decimal(text_of(value).strip() if isinstance(value, str | bytes) else repr(value))
    if new.sql_type == "bool":
        return int(number) if number in (0, 1) else None
    if number == number.to_integral_value():
        return int(number)
    return float(number)


def as_decimal(value: SQLiteValue, old: Column, new: Column) -> str | None:
    """None where the field could not read it: its digits before the point are counted."""
    number = Decimal(text_of(value).strip())
    if new.digits is not None:
        whole, places = new.digits
        rounded = number.quantize(Decimal(1).scaleb(-places)) if places < 28 else number
        if abs(rounded) >= Decimal(10) ** (whole - places):
            return None
    return str(number)


def as_date(value: SQLiteValue, old: Column, new: Column) -> str | None:
    text = text_of(value)
    found = parse_date(text[:10] if old.sql_type == "datetime" else text)
    return found.isoformat() if found else None


def as_datetime(value: SQLiteValue, old: Column, new: Column) -> str | None:
    """In UTC, as Django keeps it."""
    found = parse_datetime(text_of(value))
    if found and found.tzinfo:
        found = found.astimezone(datetime.UTC).replace(tzinfo=None)
    return found.isoformat(" ") if found else None


def as_time(value: SQLiteValue, old: Column, new: Column) -> str | None:
    text = text_of(value)
    if old.sql_type == UUID:
        return None  # which could be read as digits
    found = parse_time(text[11:] if old.sql_type == "datetime" else text)
    return found.isoformat() if found else None


Make = Callable[[SQLiteValue, Column, Column], SQLiteValue]
BY_CODEC: dict[str, Make] = {
    "binary": as_binary,
    "integer": as_number,
    "real": as_number,
    "decimal": as_decimal,
    "wide decimal": as_decimal,
    "json": as_json,
}
BY_TYPE: dict[str, Make] = {
    "date": as_date,
    "datetime": as_datetime,
    "time": as_time,
    UUID: as_uuid,
}
