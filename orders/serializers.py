"""Checkout and orders in requests and answers."""

import re
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from bodies.fields import OneOfField, TextField
from bodies.serializers import KnownFieldsOnly
from cart.serializers import LineSerializer, TotalsSerializer
from customers.address_serializers import AddressSerializer
from mails.fields import MailAddressField
from orders.guest_secrets import SECRET
from orders.history import Reached
from orders.models import Order
from orders.numbers import NUMBER
from orders.states import FulfilmentStatus, State, Status
from payments.gateways.base import get_gateway
from payments.states import PaymentStatus
from pricing.money import Money
from pricing.serializers import (
    AMOUNT,
    CURRENCY,
    AdjustmentSerializer,
    MoneySerializer,
    RateField,
    TaxSumSerializer,
)

# Of 2026-11-26T10:00:00 02:00 the last blank: what else could it have been?
LOST_PLUS = re.compile(r"([T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) (\d\d(?::?\d\d)?)$")
ORDER_NUMBER = f"^{NUMBER.pattern}$"


@extend_schema_field({"type": "string", "pattern": AMOUNT.pattern})
class AmountField(TextField):
    """A JSON string like "12.00"."""

    default_error_messages = {"not_an_amount": _('An amount as a string, like "12.00".')}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("not_an_amount")
        text = super().to_internal_value(data)
        if not AMOUNT.fullmatch(text):
            self.fail("not_an_amount")
        return Decimal(text)


class ExpectedTotalSerializer(KnownFieldsOnly, serializers.Serializer[Money]):
    """An amount of money as answers show it."""

    amount = AmountField(help_text="Decimal, as a string.")
    currency = TextField(
        help_text="ISO 4217.",
        validators=[RegexValidator(CURRENCY, _("Three capital letters, like EUR."))],
    )

    def validate_currency(self, currency: str) -> str:
        if currency != settings.SHOP_CURRENCY:
            sentence = gettext("The shop's currency is {currency}.")
            raise serializers.ValidationError(sentence.format(currency=settings.SHOP_CURRENCY))
        return currency

    def to_internal_value(self, data: Any) -> Money:
        return Money(**super().to_internal_value(data))


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A guest",
            value={
                "email": "ada@example.com",
                "shipping_address": {
                    "name": "Ada Byron",
                    "line1": "1 Analytical Way",
                    "postal_code": "10115",
                    "city": "Berlin",
                    "country": "DE",
                },
                "payment_method": "test-ok",
            },
            request_only=True,
        )
    ]
)
class CheckoutSerializer(KnownFieldsOnly, serializers.Serializer[dict[str, Any]]):
    """Who buys what is in the cart, how, and where it goes."""

    email = MailAddressField()
    shipping_address = AddressSerializer()
    payment_method = TextField(help_text="One of the gateway's methods.")
    language = OneOfField(
        settings.LANGUAGES,
        required=False,
        help_text="Which its mails are in. Without it, the request's own.",
    )
    expected_total = ExpectedTotalSerializer(
        required=False,
        help_text="The total that the customer was shown, as the cart's `totals.total` says it. "
        "Another total of today is a 409 `price_changed`, and nothing is ordered. Without it, "
        "today's prices are charged whatever they are.",
    )

    def validate_payment_method(self, method: str) -> str:
        methods = get_gateway().methods
        if method not in methods:
            sentence = gettext("One of {names}.").format(names=", ".join(methods))
            raise serializers.ValidationError(sentence)
        return method


class ReceiptSerializer(serializers.Serializer[dict[str, Any]]):
    """What checkout answers."""

    number = serializers.RegexField(ORDER_NUMBER)
    status = serializers.ChoiceField(Status.choices)
    secret = serializers.RegexField(
        SECRET, help_text="Lets a guest read the order: send as Order-Secret."
    )
    total = MoneySerializer()
    url = serializers.URLField()


class HistorySerializer(serializers.Serializer[Reached]):
    state = serializers.ChoiceField(State.choices)
    at = serializers.DateTimeField()


class OrderLineSerializer(LineSerializer):
    """A line; what it says of tax is null for orders of before 2026-11-28."""

    tax = MoneySerializer(
        allow_null=True, help_text="Contained in what is left of the line after `adjustments`."
    )
    tax_rate = RateField(allow_null=True)
    adjustments = AdjustmentSerializer(
        many=True, help_text="What is taken off: the line's part of each discount."
    )


class OrderSerializer(serializers.Serializer[Order]):
    number = serializers.RegexField(ORDER_NUMBER)
    status = serializers.ChoiceField(Status.choices)
    payment_status = serializers.ChoiceField(PaymentStatus.choices)
    fulfilment_status = serializers.ChoiceField(FulfilmentStatus.choices)
    reason = serializers.CharField(
        source="told_reason", help_text="Why it was cancelled or held; else empty."
    )
    email = serializers.EmailField()
    placed_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    lines = OrderLineSerializer(many=True, source="priced_lines")
    totals = TotalsSerializer()
    taxes = TaxSumSerializer(
        many=True, source="tax_sums", help_text="By rate, the lowest first; of what it was charged."
    )
    adjustments = AdjustmentSerializer(
        many=True,
        source="adjustment_sums",
        help_text="By kind and source. Amounts add up to the total, taxes to its tax; none for "
        "orders of before 2026-11-28.",
    )
    shipping_address = AddressSerializer()
    payment_method = serializers.CharField()
    history = HistorySerializer(many=True, source="reached")


class MomentField(serializers.DateTimeField):
    """A moment in a query string, also where its + was not escaped and arrives as a blank."""

    def to_internal_value(self, value: Any) -> Any:
        if isinstance(value, str):
            value = LOST_PLUS.sub(r"\1+\2", value)
        return super().to_internal_value(value)


class PeriodSerializer(serializers.Serializer[dict[str, Any]]):
    """The period of a list of orders, from the query string."""

    placed_after = MomentField(
        required=False, default=None, help_text="Placed at this time (ISO 8601) or later."
    )
    placed_before = MomentField(
        required=False, default=None, help_text="Placed before this time (ISO 8601)."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        after, before = attrs["placed_after"], attrs["placed_before"]
        if after and before and after >= before:
            sentence = gettext("Must be after placed_after.")
            raise serializers.ValidationError({"placed_before": [sentence]})
        return attrs


class AreaSerializer(serializers.Serializer[dict[str, str]]):
    code = serializers.CharField(help_text="As orders keep it: CA.")
    name = serializers.CharField(help_text="California. Checkout takes either.")


class CountrySerializer(serializers.Serializer[dict[str, Any]]):
    """An address there, besides its name and lines."""

    code = serializers.CharField()
    required = serializers.ListField(  # type: ignore[assignment]  # a field of that name
        child=serializers.CharField(), help_text="Of city, administrative_area and postal_code."
    )
    postal_code_examples = serializers.CharField(allow_blank=True)
    area_kind = serializers.CharField(help_text="What an area is called: state, county …")
    areas = AreaSerializer(many=True, help_text="To choose from; none where there is no list.")
