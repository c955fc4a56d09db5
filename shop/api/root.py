"""The API's front door: what there is, as links."""

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

ROUTES = {
    "products": "product-list",
    "categories": "category-list",
    "cart": "cart",
    "checkout": "checkout",
    "orders": "order-list",
    "token": "token",
    "docs": "docs",
    "schema": "schema",
    "health": "health",
}


class RootView(APIView):
    """A shop: browse products, fill a cart, check out, follow the order."""

    permission_classes = (AllowAny,)
    schema = None

    def get(self, request: Request) -> Response:
        return Response({name: reverse(view, request=request) for name, view in ROUTES.items()})
