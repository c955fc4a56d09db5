"""Between SQLite's values and DynamoDB's attribute values.

An attribute value is DynamoDB's JSON form: `{"S": "text"}`, `{"N": "12.5"}`,
`{"B": "<base64>"}`, `{"M": {...}}`, `{"L": [...]}`, `{"BOOL": true}`, `{"NULL": true}`.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from decimal import Context, Decimal, Inexact, InvalidOperation, Subnormal
from operator import itemgetter
from typing import Any, TypeAlias

import orjson
from django.db.models import Field
from django.db.utils import DataError, IntegrityError

AttributeValue = dict[str, Any]
Item = dict[str, AttributeValue]
Number = int | float | Decimal | str  # a text is one where a column keeps it so
SQLiteValue = None | int | float | str | bytes
JSONValue = None | bool | int | float | str | list[Any] | tuple[Any, ...] | dict[str, Any]
ModelField: TypeAlias = "Field[Any, Any]"  # a field of a model, whatever its values

# DynamoDB numbers: 38 digits, magnitudes from 1E-130 to 9.99E+125.
SMALLEST, LARGEST = -(2**63), 2**63 - 1  # integers that SQLite, which reads each row again, holds
NUMBERS = Context(prec=38, Emax=125, Emin=-130, traps=[Inexact, InvalidOperation, Subnormal])
SAFE_DIGITS = 18  # characters of a number that has 64 bits at most
LONG_NUMBER = re.compile(r"\d{19}")
LONGEST_KEY = 2048  # bytes of text in a partition key
LONGEST_SORT_KEY = 1024
EXACT_DIGITS = 15  # of a decimal that survives SQLite's floating point
EMPTY = "\x00"  # stands for "" where DynamoDB takes none: in keys


def number_text(value: Number) -> str:
    """A number as DynamoDB keeps it: exact, canonical, at most 38 digits.

    Raises DataError for what DynamoDB cannot hold.
    """
    if isinstance(value, int):
        if -(10**38) < value < 10**38:
            return str(int(value))
        value = Decimal(value)
    try:
        exact = NUMBERS.create_decimal(repr(value) if isinstance(value, float) else value)
    except (ArithmeticError, ValueError) as error:
        raise DataError(
            f"DynamoDB cannot hold the number {value!r}: 38 digits at most, up to 9.99E+125."
        ) from error
    if not exact.is_finite():
        raise DataError(f"DynamoDB has no {value!r}.")
    exact = exact.normalize(NUMBERS)
    text = format(exact, "f") if -40 < exact.adjusted() < 40 else str(exact)
    return (text.rstrip("0").rstrip(".") if "." in text and "E" not in text else text) or "0"


def encode_number(value: Number) -> AttributeValue:
    text = number_text(value)
    return {"N": "0" if text == "-0" else text}


def encode_integer(value: Number) -> AttributeValue:
    """Raises DataError beyond 64 bits: the row could be written, and never be read again."""
    attribute = encode_number(value)
    text = attribute["N"]
    if len(text) > SAFE_DIGITS and not SMALLEST <= Decimal(text) <= LARGEST:
        raise DataError(f"{value!r} is out of range: integers are from -2**63 to 2**63 - 1.")
    return attribute


def encode_decimal(value: Number) -> AttributeValue:
    """A float in a decimal column is SQLite's arithmetic: 15 digits of it are true, as in
    Django's own reading of it (0.5 - 0.4 is 0.1)."""
    return encode_number(f"{value:.15g}" if isinstance(value, float) else value)


def encode_text(value: object) -> AttributeValue:
    return {"S": utf8(value if type(value) is str else str(value))}


def utf8(text: str) -> str:
    """The text. Raises DataError if it has half of a pair, of which UTF-8 makes no bytes."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise DataError(
                f"{text!r:.80} is no text that can be stored: {error.reason}."
            ) from error
    return text


def encode_key_text(value: object) -> AttributeValue:
    """Text in a key: DynamoDB takes no empty string there. Keeps the order of texts."""
    text = utf8(value if type(value) is str else str(value))
    return {"S": EMPTY + text if not text or text[0] == EMPTY else text}


def encode_binary(value: str | bytes | memoryview) -> AttributeValue:
    data = value.encode() if isinstance(value, str) else bytes(value)
    return {"B": base64.b64encode(data).decode()}


def encode_json(value: str) -> AttributeValue:
    try:
        if not LONG_NUMBER.search(value):  # orjson makes floats of integers beyond 64 bits
            return to_attribute(orjson.loads(value))
    except orjson.JSONDecodeError:
        pass  # NaN is none to orjson
    try:
        return to_attribute(json.loads(value))
    except json.JSONDecodeError as error:
        raise IntegrityError(f"CHECK constraint failed: not JSON: {value!r:.80}") from error


def to_attribute(value: JSONValue) -> AttributeValue:
    """A JSON value as native maps and lists."""
    if isinstance(value, str):
        return {"S": utf8(value)}
    if isinstance(value, bool):
        return {"BOOL": value}
    if value is None:
        return {"NULL": True}
    if isinstance(value, dict):
        return {"M": {utf8(str(key)): to_attribute(value[key]) for key in value}}
    if isinstance(value, list | tuple):
        return {"L": [to_attribute(each) for each in value]}
    return encode_number(value)


def from_attribute(attribute: AttributeValue) -> Any:
    """The JSON value that `to_attribute` made an attribute value of."""
    ((kind, value),) = attribute.items()
    if kind == "S":
        return value
    if kind == "M":  # texts, of which there are most, without a call each
        return {
            key: each["S"] if "S" in each else from_attribute(each) for key, each in value.items()
        }
    if kind == "L":
        return [from_attribute(each) for each in value]
    if kind == "N":
        return parse_number(value)
    return None if kind == "NULL" else value


def json_text(value: JSONValue) -> str:
    """The one text of a JSON value: keys sorted, since DynamoDB keeps no order of them."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONEncodeError:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def parse_number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)


def decode_integer(attribute: AttributeValue) -> Any:
    """As its text beyond 64 bits, where other code has stored it: SQLite refuses the number, and
    a row that can be read can be mended."""
    text: str = attribute["N"]
    try:
        number: float = int(text)
    except ValueError:
        number = float(text)
    return number if len(text) <= SAFE_DIGITS or SMALLEST <= number <= LARGEST else text


def decode_real(attribute: AttributeValue) -> Any:
    return float(attribute["N"])


def decode_decimal(attribute: AttributeValue) -> int | float | str:
    """As a number where SQLite's 64 bits hold it exactly, else as its text."""
    text: str = attribute["N"]
    number = parse_number(text)
    if len(text) <= 15 or Decimal(repr(number)) == Decimal(text):
        return number if isinstance(number, float) or abs(number) < 2**63 else text
    return text


decode_wide_decimal = itemgetter("N")


def compare_numbers(left: str, right: str) -> int:
    """The order of two numbers given as texts; what is none comes last, as text does."""
    try:
        a, b = Decimal(left), Decimal(right)
    except InvalidOperation:
        return (left > right) - (left < right)
    return (a > b) - (a < b)


decode_text = itemgetter("S")


def decode_key_text(attribute: AttributeValue) -> Any:
    text: str = attribute["S"]
    return text.removeprefix(EMPTY)  # "" is in rows of before the index


def decode_binary(attribute: AttributeValue) -> Any:
    return base64.b64decode(attribute["B"])


def decode_json(attribute: AttributeValue) -> Any:
    return json_text(from_attribute(attribute))


Encoder = Callable[[Any], AttributeValue]
Decoder = Callable[[AttributeValue], Any]
CODECS: dict[str, tuple[str, Encoder, Decoder]] = {
    "integer": ("N", encode_integer, decode_integer),
    "real": ("N", encode_number, decode_real),
    "decimal": ("N", encode_decimal, decode_decimal),
    "wide decimal": ("N", encode_decimal, decode_wide_decimal),
    "text": ("S", encode_text, decode_text),
    "key text": ("S", encode_key_text, decode_key_text),
    "binary": ("B", encode_binary, decode_binary),
    "json": ("M", encode_json, decode_json),
}


def field_of_values(model_field: ModelField) -> Any:
    """The field whose values it has: what a foreign key refers to, what an expression gives."""
    kind: Any = model_field
    while kind.remote_field and getattr(kind, "target_field", None):
        kind = kind.target_field
    return kind.output_field if kind.generated else kind


def codec_of(model_field: ModelField, sql_type: str) -> str:
    """Which of these codecs a model's field has."""
    kind = field_of_values(model_field)
    if kind.get_internal_type() == "JSONField":
        return "json"
    lowered = sql_type.lower()
    if "int" in lowered or lowered == "bool":
        return "integer"
    if lowered == "decimal" and (kind.max_digits or 99) > EXACT_DIGITS:
        return "wide decimal"
    if lowered in ("real", "decimal"):
        return lowered
    return "binary" if lowered == "blob" else "text"


def fits_key(attribute: AttributeValue, longest: float = LONGEST_KEY) -> bool:
    """Whether DynamoDB could hold the value in a key: nothing longer is stored in one."""
    text = attribute.get("S")
    return text is None or len(text) <= longest and len(text.encode()) <= longest


def sort_value(attribute: AttributeValue) -> Any:
    """Sorts as DynamoDB sorts keys of one type."""
    ((kind, value),) = attribute.items()
    if kind == "N":
        return Decimal(value)
    return base64.b64decode(value) if kind == "B" else value
