"""The cart in requests and answers."""

from typing import Any

from rest_framework import serializers

from bodies.fields import TextField, WholeNumberField
from bodies.serializers import KnownFieldsOnly
from cart.fields import ImageUrlField
from cart.keys import GUEST_TOKEN
from cart.rules import MOST_OF_A_LINE
from cart.selectors import PricedCart, Problem
from catalog.serializers import SLUG_OR_NONE
from catalog.validators import validate_sku
from pricing.serializers import MoneySerializer
from pricing.totals import Totals


class QuantitySerializer(KnownFieldsOnly, serializers.Serializer[Any]):
    """How many of an article."""

    quantity = WholeNumberField(min_value=1, max_value=MOST_OF_A_LINE)


class NewLineSerializer(QuantitySerializer):
    """So many of an article, for a cart."""

    sku = TextField(max_length=64, validators=[validate_sku])


class LineProblemSerializer(serializers.Serializer[Problem]):
    code = serializers.ChoiceField(["unavailable", "sold_out", "not_enough_stock"])
    detail = serializers.CharField()


class LineSerializer(serializers.Serializer[Any]):
    """What a line shows in a cart and in an order."""

    sku = serializers.CharField(max_length=64, validators=[validate_sku])
    name = serializers.CharField()
    slug = serializers.RegexField(SLUG_OR_NONE, help_text="Empty when it is gone for good.")
    image = ImageUrlField(help_text="URL; empty for no image.")
    options = serializers.DictField(child=serializers.CharField())
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_OF_A_LINE)
    unit_price = MoneySerializer()
    list_price = MoneySerializer(
        allow_null=True, help_text="What one cost before it was reduced, if it was."
    )
    line_total = MoneySerializer()


class CartLineSerializer(LineSerializer):
    old_price = MoneySerializer(
        allow_null=True, help_text="What it cost when it was put in, if that has changed."
    )
    problem = LineProblemSerializer(
        allow_null=True, help_text="What stands in the way of buying it, if something does."
    )


class TotalsSerializer(serializers.Serializer[Totals]):
    subtotal = MoneySerializer()
    shipping = MoneySerializer()
    tax = MoneySerializer(help_text="Contained in the total.")
    total = MoneySerializer()


class CartSerializer(serializers.Serializer[PricedCart]):
    lines = CartLineSerializer(many=True)
    totals = TotalsSerializer()
    expires_at = serializers.DateTimeField(
        allow_null=True, help_text="When the lines are forgotten, unless the cart changes."
    )


class NewCartSerializer(CartSerializer):
    token = serializers.RegexField(GUEST_TOKEN, help_text="To be sent as the header Cart-Token.")
