"""The API's front door: what there is, as links."""

from django.urls import reverse
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

ROUTES = {
    "products": "product-list",
    "categories": "category-list",
    "cart": "cart",
    "checkout": "checkout",
    "orders": "order-list",
    "customer": "customers:customer",
    "token": "auth:token",
    "docs": "docs:page",
    "schema": "schema:file",
    "health": "health",
}


class RootView(APIView):
    """A shop: browse products, fill a cart, check out, follow the order."""

    permission_classes = (AllowAny,)
    schema = None

    def get(self, request: Request) -> Response:
        # REST framework's own `reverse` hands `?format=` on, of which not all of these have each.
        links = {name: request.build_absolute_uri(reverse(view)) for name, view in ROUTES.items()}
        return Response(links)
