"""The cart's endpoints; each answers with the whole cart."""

from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bodies.serializers import represented, validated
from cart import services
from cart.errors import CartTokenMissing
from cart.keys import GUEST_TOKEN, guest_key, user_key
from cart.selectors import PricedCart, find_cart, price_lines, read_articles
from cart.serializers import (
    CartSerializer,
    NewCartSerializer,
    NewLineSerializer,
    QuantitySerializer,
)
from catalog.validators import SKU
from limits.addresses import network_of_request
from limits.services import Counter, take_once
from pricing.contexts import current_context

TOKEN = OpenApiParameter(
    "Cart-Token",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="A guest's cart. Without it, the cart of whoever is signed in.",
)
NEW_TOKEN = OpenApiParameter(
    "Cart-Token",
    {"type": "string", "pattern": GUEST_TOKEN.pattern},
    OpenApiParameter.HEADER,
    required=True,
    response=[201],
)
LINE_SKU = OpenApiParameter(
    "sku",
    {"type": "string", "maxLength": 64, "pattern": f"^{SKU}$"},
    OpenApiParameter.PATH,
)


def cart_key(request: Request) -> str:
    """Whose cart the request is about: the token's if there is one, else the user's.

    A guest who signs in can so still show and order what the guest's cart holds.
    Raises CartTokenMissing for neither.
    """
    token = request.headers.get("Cart-Token")
    if token:
        return guest_key(token)
    if request.user.is_authenticated:
        return user_key(request.user.pk)
    raise CartTokenMissing


def answer(cart: PricedCart) -> Response:
    return Response(represented(CartSerializer, cart))


class CartView(APIView):
    """A cart: what is in it, what it costs, and what has changed since."""

    permission_classes = (AllowAny,)
    translated = True  # what stands in the way of buying a line

    @extend_schema(parameters=[TOKEN], responses=CartSerializer)
    def get(self, request: Request) -> Response:
        cart = find_cart(key=cart_key(request))
        articles = read_articles(skus=cart.lines)
        return answer(price_lines(cart=cart, articles=articles, context=current_context()))

    @extend_schema(parameters=[NEW_TOKEN], request=None, responses={201: NewCartSerializer})
    def post(self, request: Request) -> Response:
        """A new, empty cart for a guest, and the token that opens it."""
        network = network_of_request(request)
        take_once(request, [Counter("cart-address", network, gettext("Too many new carts."))])
        token, cart = services.create_guest_cart(context=current_context())
        data = {**represented(CartSerializer, cart), "token": token}
        return Response(data, status=201, headers={"Cart-Token": token})


class LinesView(APIView):
    """The lines of a cart."""

    permission_classes = (AllowAny,)
    translated = True  # what stands in the way of buying a line

    @extend_schema(parameters=[TOKEN], request=NewLineSerializer, responses=CartSerializer)
    def post(self, request: Request) -> Response:
        """Add so many of an article; a line that exists grows by them."""
        key = cart_key(request)
        line = validated(NewLineSerializer, request.data)
        return answer(services.add_line(key=key, context=current_context(), **line))

    @extend_schema(
        operation_id="cart_lines_clear", parameters=[TOKEN], responses={200: CartSerializer}
    )
    def delete(self, request: Request) -> Response:
        """Remove all lines."""
        return answer(services.clear_cart(key=cart_key(request), context=current_context()))


class LineView(APIView):
    """One line of a cart."""

    permission_classes = (AllowAny,)
    translated = True  # what stands in the way of buying a line

    @extend_schema(
        parameters=[TOKEN, LINE_SKU], request=QuantitySerializer, responses=CartSerializer
    )
    def patch(self, request: Request, sku: str) -> Response:
        """Set how many of the article."""
        key = cart_key(request)
        line = validated(QuantitySerializer, request.data)
        return answer(services.set_quantity(key=key, sku=sku, context=current_context(), **line))

    @extend_schema(parameters=[TOKEN, LINE_SKU], responses={200: CartSerializer})
    def delete(self, request: Request, sku: str) -> Response:
        """Remove the line."""
        key = cart_key(request)
        return answer(services.remove_line(key=key, sku=sku, context=current_context()))
