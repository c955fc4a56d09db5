"""The list by pages, its relations read once a page and not once a product."""

from oscar.core.loading import get_model
from oscarapi.views import product
from rest_framework.pagination import CursorPagination

Product = get_model("catalogue", "Product")


class Newest(CursorPagination):
    page_size = 20
    ordering = ("-date_created", "-id")


class ProductList(product.ProductList):
    pagination_class = Newest
    queryset = (
        Product.objects.browsable()
        .select_related("product_class")
        .prefetch_related("stockrecords", "images")
    )
