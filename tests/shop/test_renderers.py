"""JSON as REST framework writes it, byte by byte, and reads it."""

import datetime
import json
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ErrorDetail
from rest_framework.renderers import JSONRenderer as Slow
from rest_framework.utils import serializer_helpers

from shop.api.parsers import read_json
from shop.api.renderers import JSONRenderer

TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ["\u2028", "a\u2029b", "\x00\x1f\x7f", '"\\/', "\U0001f375"]
)
MOMENTS = st.datetimes(timezones=st.just(datetime.UTC) | st.none()) | st.dates() | st.times()
# What the API has: amounts are text, so that there are no floats.
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    TEXTS,
    TEXTS.map(lazystr),
    TEXTS.map(mark_safe),
    TEXTS.map(lambda text: ErrorDetail(text, "code")),
    MOMENTS,
    st.uuids(),
    st.timedeltas(),
)


OF_A_SERIALIZER: Any = serializer_helpers  # which here there is none


def as_dict(data: Any) -> Any:
    """As serializers give it."""
    return OF_A_SERIALIZER.ReturnDict(data, serializer=None)


def as_list(data: Any) -> Any:
    return OF_A_SERIALIZER.ReturnList(data, serializer=None)


DATA = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(TEXTS, inner, max_size=4),
        st.dictionaries(st.integers(0, 9), inner, max_size=2),
        st.dictionaries(TEXTS, inner, max_size=3).map(as_dict),
        st.lists(inner, max_size=3).map(as_list),
    ),
    max_leaves=12,
)


@given(DATA)
def test_bytes_are_rest_framework_s(data: Any) -> None:
    assert JSONRenderer().render(data) == Slow().render(data)


@pytest.mark.parametrize("media_type", ["application/json; indent=4", "application/json; indent=0"])
def test_indented_for_whoever_asks(media_type: str) -> None:
    data = {"a": [1, {"b": "\u2028"}], "c": gettext_lazy("Not found.")}
    assert JSONRenderer().render(data, media_type) == Slow().render(data, media_type)
    pretty = {"indent": 2}
    assert JSONRenderer().render(data, None, pretty) == Slow().render(data, None, pretty)


def test_nothing_is_no_bytes() -> None:
    assert JSONRenderer().render(None) == b""


@pytest.mark.parametrize("data", [object(), {"a": {1j}}, "\ud800"])
def test_complaints_are_rest_framework_s(data: Any) -> None:
    def complaint(renderer: Slow) -> tuple[type, str]:
        with pytest.raises(Exception, match=r".") as caught:
            renderer.render(data)
        return type(caught.value), str(caught.value)

    assert complaint(JSONRenderer()) == complaint(Slow())


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=10,
)


@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_what_is_read_is_what_python_reads(
    value: Any, ascii_only: bool, indent: int | None
) -> None:
    body = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    found = read_json(body)
    assert repr(found) == repr(json.loads(body))


@pytest.mark.parametrize(
    "body",
    [
        b"", b" ", b"{", b'{"a":1,}', b"NaN", b"[Infinity]", b"-", b"01", b"1.", b"'a'", b"\xff",
        b'"\\ud800"', b'"\x01"', b"[1] 2", b"\xef\xbb\xbf{}", "{}".encode("utf-16"),
        b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_json(body: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        read_json(body)


@pytest.mark.parametrize("number", [2**53 + 1, 2**63, 2**64, 10**40, -(2**70)])
def test_long_integers_stay_whole(number: int) -> None:
    assert read_json(str(number).encode()) == number
    assert read_json(f'{{"n": [{number}]}}'.encode()) == {"n": [number]}


def test_decimals_are_numbers_as_before() -> None:
    data = {"d": Decimal("1.50"), "u": uuid.UUID(int=7)}
    assert JSONRenderer().render(data) == Slow().render(data)
