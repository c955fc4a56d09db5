"""Checkout and orders."""

from typing import Any

from django.db.models import QuerySet
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from bodies.serializers import represented, validated
from cart.views import TOKEN, cart_key
from customers.addresses import rules_of
from customers.countries import COUNTRIES
from limits.addresses import network_of_request
from limits.services import take_with_request
from orders.errors import IdempotencyKeyMissing
from orders.guest_secrets import order_secret
from orders.limits import Origin, counters_of_checkout
from orders.models import Order
from orders.selectors import get_order, list_orders
from orders.serializers import (
    ORDER_NUMBER,
    CheckoutSerializer,
    CountrySerializer,
    OrderSerializer,
    PeriodSerializer,
    ReceiptSerializer,
)
from orders.services import Customer, check_checkout, place_order
from pricing.contexts import current_context
from pricing.serializers import MoneySerializer

A_DAY = 86_400  # seconds: the rules of addresses change with a release

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="A new UUID for a new order; the same one to try again.",
)

LOCATION = OpenApiParameter(
    "Location",
    OpenApiTypes.URI,
    OpenApiParameter.HEADER,
    required=True,
    description="Where the order is.",
    response=[202],
)


class CheckoutView(APIView):
    """Orders what is in the cart."""

    permission_classes = (AllowAny,)
    #: Not stored with the answer for an Idempotency-Key, but made again for who repeats it.
    derived_fields = {"secret": lambda receipt: order_secret(receipt["number"])}

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY, TOKEN, LOCATION],
        request=CheckoutSerializer,
        responses={202: ReceiptSerializer},
    )
    def post(self, request: Request) -> Response:
        """Accepted at once; stock and payment follow, and a mail tells how they went.

        Today's prices are charged. Send `expected_total`, the total that the customer was
        shown, to be told of a change (409 `price_changed`) instead of being charged it.
        """
        if "Idempotency-Key" not in request.headers:
            raise IdempotencyKeyMissing
        key = cart_key(request)
        data = {
            "language": get_language(),
            **validated(CheckoutSerializer, request.data),
        }
        user = request.user if request.user.is_authenticated else None
        origin = Origin(cart=key, network=network_of_request(request))
        customer = Customer(user=user, **data)
        checkout = check_checkout(customer=customer, origin=origin, context=current_context())
        take_with_request(request, counters_of_checkout(origin=origin, email=data["email"]))
        order = place_order(checkout=checkout)
        receipt = make_receipt(order, request)
        return Response(receipt, status=202, headers={"Location": receipt["url"]})


def make_receipt(order: Order, request: Request) -> dict[str, Any]:
    return {
        "number": order.number,
        "status": order.status,
        "secret": order_secret(order.number),
        "total": represented(MoneySerializer, order.totals.total),
        "url": reverse("order-detail", args=[order.number], request=request),
    }


@extend_schema(parameters=[PeriodSerializer])
class OrderListView(ListAPIView[Order]):
    """The orders of whoever is signed in, newest first."""

    serializer_class = OrderSerializer
    translated = True  # the reasons
    page_key = "placed_at"
    query_parameters = frozenset({"placed_after", "placed_before"})

    def get_queryset(self) -> QuerySet[Order]:
        if getattr(self, "swagger_fake_view", False):
            return Order.objects.none()
        period = validated(PeriodSerializer, self.request.query_params.dict())
        return list_orders(user=self.request.user, **period)


class OrderView(APIView):
    """One order, for its owner or for whoever has its secret."""

    permission_classes = (AllowAny,)
    translated = True  # the reason

    @extend_schema(
        parameters=[
            OpenApiParameter("number", location=OpenApiParameter.PATH, pattern=ORDER_NUMBER),
            OpenApiParameter(
                "Order-Secret",
                OpenApiTypes.STR,
                OpenApiParameter.HEADER,
                description="A guest's way in: the secret from the checkout's answer.",
            ),
        ],
        responses=OrderSerializer,
    )
    def get(self, request: Request, number: str) -> Response:
        # Never in the address: that lands in logs and browser histories.
        secret = request.headers.get("Order-Secret", "")
        order = get_order(number=number, user=request.user, secret=secret)
        return Response(represented(OrderSerializer, order))


@method_decorator(cache_control(public=True, max_age=A_DAY), name="get")
class CountryView(APIView):
    """The rules of one country's addresses."""

    authentication_classes = ()  # nobody is asked who they are: the answer is everybody's
    permission_classes = (AllowAny,)

    @extend_schema(
        parameters=[OpenApiParameter("code", location=OpenApiParameter.PATH, pattern="^[A-Z]{2}$")],
        responses=CountrySerializer,
    )
    def get(self, request: Request, code: str) -> Response:
        """`required` fields are those that checkout demands there."""
        if code not in COUNTRIES:
            raise NotFound(gettext("Two capital letters that name a country, like DE."))
        rules = rules_of(code)
        country = {
            "code": code,
            "required": sorted(rules.required - {"name"}),
            "postal_code_examples": " or ".join(rules.examples),
            "area_kind": rules.area_kind,
            "areas": [{"code": area, "name": name} for area, name in rules.areas.items()],
        }
        return Response(represented(CountrySerializer, country))
