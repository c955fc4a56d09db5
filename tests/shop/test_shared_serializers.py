"""Serializers that are made once for all requests: the same words, the same errors, at any time."""

from functools import partial
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError

from bodies.serializers import made, represented, validated
from cart.serializers import NewLineSerializer
from customers.serializers import ProfileSerializer
from orders.serializers import CheckoutSerializer, OrderSerializer
from tests.cart.races import at_once
from tests.orders.shopping import CHECKOUT, make_order

KINDS = [NewLineSerializer, CheckoutSerializer, ProfileSerializer]
NAMES = ["sku", "quantity", "email", "shipping_address", "payment_method", "phone", "x"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=5,
)


def outcome(read: Any) -> Any:
    try:
        return read()
    except ValidationError as error:
        return error.get_full_details()


def as_ever(kind: Any, sent: Any) -> Any:
    serializer = kind(data=sent)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


@pytest.mark.parametrize("kind", KINDS)
@given(sent=VALUES)
def test_bodies_are_read_as_ever(kind: Any, sent: Any) -> None:
    assert outcome(partial(validated, kind, sent)) == outcome(partial(as_ever, kind, sent))


@pytest.mark.parametrize("sent", [None, [], "x", 1, {}, {"quantity": "many"}, CHECKOUT])
@pytest.mark.parametrize("kind", KINDS)
def test_errors_are_told_as_ever_and_in_the_reader_s_language(kind: Any, sent: Any) -> None:
    told = []
    for language in ("en", "de", "en"):
        with translation.override(language):
            found = outcome(partial(validated, kind, sent))
            assert found == outcome(partial(as_ever, kind, sent))
            told.append(str(found))
    assert told[0] == told[2]


def test_one_is_made_and_keeps_nothing() -> None:
    assert made(NewLineSerializer) is made(NewLineSerializer)
    assert validated(NewLineSerializer, {"sku": "A", "quantity": 2}) == {"sku": "A", "quantity": 2}
    with pytest.raises(ValidationError):
        validated(NewLineSerializer, {"sku": "", "quantity": 0})
    assert validated(NewLineSerializer, {"sku": "B", "quantity": 1}) == {"sku": "B", "quantity": 1}


@pytest.mark.django_db(transaction=True)
def test_what_is_shown_is_as_ever() -> None:
    order = make_order()
    for language in ("en", "de"):
        with translation.override(language):
            assert represented(OrderSerializer, order) == OrderSerializer(order).data


def test_threads_share_it() -> None:
    def read(number: int) -> Any:
        return [
            validated(NewLineSerializer, {"sku": f"S{number}", "quantity": 3}) for _ in range(50)
        ]

    found = at_once(*[partial(read, number) for number in range(8)])
    assert found == [[{"sku": f"S{number}", "quantity": 3}] * 50 for number in range(8)]
