"""Browsing: for everyone, without signing in, and cacheable."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from bodies.queries import whole_number
from bodies.serializers import represented
from catalog import selectors
from catalog.errors import CategoryNotFound
from catalog.models import Listing
from catalog.models.product import MAX_VARIANTS
from catalog.projections.documents import PAGE_SIZE
from catalog.serializers import (
    CategoryTreeSerializer,
    ProductCardSerializer,
    ProductSerializer,
    VariantPageSerializer,
)
from dynamodb.consistency import eventually_consistent

LAST_PAGE = -(-MAX_VARIANTS // PAGE_SIZE)  # of a product's variants
SLUG_PATH = OpenApiParameter(
    "slug", location=OpenApiParameter.PATH, pattern=f"^{selectors.SLUG.pattern}$"
)
POSITION = Listing._meta.get_field("position")
CACHED = method_decorator(cache_control(public=True, max_age=60), name="get")


@CACHED
@extend_schema_view(
    get=extend_schema(
        parameters=[
            OpenApiParameter(
                "category",
                pattern=f"^{selectors.SLUG.pattern}$",
                description="A category's slug: it and all below.",
            )
        ]
    )
)
class ProductListView(ListAPIView[Listing]):
    """Products on sale, newest first, a page at a time."""

    # Nobody is asked who they are: it would cost a call, and the answer is cached for all.
    authentication_classes = ()
    permission_classes = (AllowAny,)
    translated = True  # names
    serializer_class = ProductCardSerializer
    page_key = POSITION.name
    paginator: Any  # the API's, by key
    query_parameters = frozenset({"category"})

    def get_queryset(self) -> QuerySet[Listing]:
        """For the schema: `list` reads without instances."""
        return selectors.list_products(category=self.category_slug())

    def category_slug(self) -> str | None:
        slug = self.request.query_params.get("category")
        if slug is not None and not selectors.is_slug(slug):
            sentence = gettext("A category is named by its slug: tea-and-coffee.")
            raise ValidationError({"category": [sentence]})
        return slug

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        slug = self.category_slug()
        read = partial(selectors.list_cards, category=slug)
        with eventually_consistent():  # caches keep the answer for a minute anyway
            page = self.paginator.paginate(read, POSITION, request)
        # Only an empty page raises the question, so that the others stay at one call.
        if slug is not None and not page and not selectors.category_exists(slug=slug):
            raise CategoryNotFound
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class ProductDetailView(APIView):
    """A product with its variants, their prices and their stock, which may be a moment old."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    translated = True  # name, description, and the categories' names

    @extend_schema(parameters=[SLUG_PATH], responses=ProductSerializer)
    def get(self, request: Request, slug: str) -> Response:
        return Response(represented(ProductSerializer, selectors.get_product_page(slug=slug)))


class VariantListView(APIView):
    """All variants of a product, a hundred at a time, with their prices and their stock, as its own
    page has the first: for products whose page has `further`."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    query_parameters = frozenset({"page"})

    @extend_schema(
        parameters=[
            SLUG_PATH,
            OpenApiParameter(
                "page",
                {"type": "integer", "minimum": 1, "maximum": LAST_PAGE, "default": 1},
                description="1 is what the product itself has.",
            ),
        ],
        responses=VariantPageSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        number = self.page_number()
        page = selectors.get_variants(slug=slug, page=number)
        address = request.build_absolute_uri()
        following = replace_query_param(address, "page", number + 1)
        return Response(
            represented(
                VariantPageSerializer, {**page, "next": following if page["has_next"] else None}
            )
        )

    def page_number(self) -> int:
        return whole_number(self.request.query_params, "page", default=1, most=LAST_PAGE)


@CACHED
class CategoryListView(APIView):
    """The whole tree of categories."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    translated = True  # names and descriptions

    @extend_schema(responses=CategoryTreeSerializer)
    def get(self, request: Request) -> Response:
        tree = {"results": selectors.get_category_tree()}
        return Response(represented(CategoryTreeSerializer, tree))
