"""Checkout and orders in requests and answers."""

from typing import Any

from rest_framework import serializers

from cart.fields import ImageUrlField, TextField
from cart.serializers import TotalsSerializer
from orders.countries import COUNTRIES
from orders.models import Order
from orders.states import Status
from payments.gateways.base import get_gateway
from pricing.serializers import MoneySerializer


class AddressSerializer(serializers.Serializer[dict[str, str]]):
    name = TextField(max_length=100)
    line1 = TextField(max_length=100)
    line2 = TextField(max_length=100, required=False, allow_blank=True)
    postal_code = TextField(max_length=16)
    city = TextField(max_length=100)
    country = TextField(help_text="Two letters (ISO 3166-1), like DE.")

    def validate_country(self, country: str) -> str:
        if country.upper() not in COUNTRIES:
            raise serializers.ValidationError("Two letters that name a country, like DE.")
        return country.upper()


class CheckoutSerializer(serializers.Serializer[dict[str, Any]]):
    email = serializers.EmailField(max_length=254)
    shipping_address = AddressSerializer()
    payment_method = TextField(help_text="One of the gateway's methods.")

    def validate_email(self, email: str) -> str:
        """Lower case, so that a manager finds all orders of an address."""
        return email.lower()

    def validate_payment_method(self, method: str) -> str:
        methods = get_gateway().methods
        if method not in methods:
            raise serializers.ValidationError(f"One of {', '.join(methods)}.")
        return method


class ReceiptSerializer(serializers.Serializer[dict[str, Any]]):
    """What checkout answers."""

    number = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    secret = serializers.CharField(help_text="Lets a guest read the order: send as Order-Secret.")
    total = MoneySerializer()
    url = serializers.URLField()


class OrderLineSerializer(serializers.Serializer[dict[str, Any]]):
    sku = serializers.CharField()
    name = serializers.CharField()
    slug = serializers.CharField()
    image = ImageUrlField(help_text="URL; empty for no image.")
    options = serializers.DictField(child=serializers.CharField())
    quantity = serializers.IntegerField()
    unit_price = MoneySerializer()
    line_total = MoneySerializer()


class HistorySerializer(serializers.Serializer[dict[str, str]]):
    status = serializers.ChoiceField(Status.choices)
    at = serializers.DateTimeField()


class OrderSerializer(serializers.Serializer[Order]):
    number = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    reason = serializers.CharField(help_text="Why it was cancelled; else empty.")
    email = serializers.EmailField()
    placed_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    lines = OrderLineSerializer(many=True, source="priced_lines")
    totals = TotalsSerializer()
    shipping_address = AddressSerializer()
    payment_method = serializers.CharField()
    history = HistorySerializer(many=True)


class PeriodSerializer(serializers.Serializer[dict[str, Any]]):
    """The period of a list of orders, from the query string."""

    placed_after = serializers.DateTimeField(
        required=False, default=None, help_text="Placed at this time (ISO 8601) or later."
    )
    placed_before = serializers.DateTimeField(
        required=False, default=None, help_text="Placed before this time (ISO 8601)."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        after, before = attrs["placed_after"], attrs["placed_before"]
        if after and before and after >= before:
            raise serializers.ValidationError({"placed_before": ["Must be after placed_after."]})
        return attrs
