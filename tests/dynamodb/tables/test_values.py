"""Values there and back, exactly; numbers and JSON in one form only."""

from decimal import Decimal
from typing import Any

import pytest
from django.db.utils import DataError, IntegrityError
from hypothesis import given, settings
from hypothesis import strategies as st

from dynamodb.tables.values import (
    decode_decimal,
    decode_json,
    decode_key_text,
    encode_binary,
    encode_json,
    encode_key_text,
    encode_number,
    json_text,
    number_text,
    sort_value,
)

pure = settings(derandomize=True, database=None, deadline=None, max_examples=200)
WIDE = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (-7, "-7"), (True, "1"), (0.1, "0.1"), (1e22, "10000000000000000000000"),
        ("12.50", "12.5"), (Decimal("-0"), "0"), (Decimal("0.00"), "0"), (Decimal("1E+3"), "1000"),
        (Decimal("1E+30"), "1" + "0" * 30), (Decimal("1E-30"), "0." + "0" * 29 + "1"),
        (Decimal("1" * 38), "1" * 38), (Decimal("0." + "1" * 38), "0." + "1" * 38),
    ],
)  # fmt: skip
def test_numbers(value: Any, text: str) -> None:
    assert encode_number(value) == {"N": text}


def test_an_empty_text_of_before_there_was_an_index() -> None:
    """Stored as it is, until a migration makes a key of its column."""
    assert decode_key_text({"S": ""}) == ""


@pytest.mark.parametrize(
    "texts",
    [
        ("1.0E+50", "1E+50", "10E+49"),
        ("10E-60", "1E-59"),
        ("0E+9", "0"),
    ],
)
def test_equal_numbers_have_one_text(texts: tuple[str, ...]) -> None:
    """Keys and guards of unique values are compared as texts."""
    assert len({encode_number(Decimal(text))["N"] for text in texts}) == 1


@pytest.mark.parametrize(
    "value",
    [
        "1" * 39,
        "NaN",
        "Infinity",
        "1E+126",
        "1E-131",
        "x",
        float("inf"),
        1e300,
    ],
)
def test_numbers_that_dynamodb_cannot_hold(value: Any) -> None:
    with pytest.raises(DataError):
        number_text(value)


def test_whole_numbers_that_dynamodb_cannot_hold() -> None:
    with pytest.raises(DataError):
        number_text(int("1" * 39))


@pure
@given(WIDE.filter(lambda n: len(n.as_tuple().digits) <= 38))
def test_decimals_there_and_back(number: Decimal) -> None:
    back = decode_decimal(encode_number(number))

    assert Decimal(back if isinstance(back, str) else repr(back)) == number


@pure
@given(st.text(), st.text())
def test_key_texts_keep_their_order(a: str, b: str) -> None:
    first, second = encode_key_text(a), encode_key_text(b)

    assert (decode_key_text(first), decode_key_text(second)) == (a, b)
    assert "" not in (first["S"], second["S"])
    assert (a < b) == (sort_value(first) < sort_value(second))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.text()
    | st.floats(-1e4, 1e4, width=16),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pure
@given(JSON)
def test_json_there_and_back(value: Any) -> None:
    text = decode_json(encode_json(json_text(value)))

    assert text == decode_json(encode_json(text))
    assert decode_json(encode_json(text)) == text


def test_json_has_one_text() -> None:
    assert json_text({"b": 1, "a": [None, "ä"]}) == '{"a":[null,"ä"],"b":1}'
    assert decode_json(encode_json('{"b": 1.0, "a": 10e-1}')) == '{"a":1,"b":1}'


def test_what_is_no_json() -> None:
    with pytest.raises(IntegrityError, match="not JSON"):
        encode_json("{")


def test_binary() -> None:
    assert encode_binary(b"\x00\xff") == {"B": "AP8="}
    assert encode_binary(memoryview(b"a")) == encode_binary("a") == {"B": "YQ=="}
    assert sort_value({"B": "AP8="}) == b"\x00\xff"
