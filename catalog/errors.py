"""What can go wrong in the catalogue, in words for whoever caused it."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, NotFound


class ProductNotFound(NotFound):
    default_code = "product_not_found"
    default_detail = _("There is no such product. Browse /api/v1/products/ for those there are.")


class VariantPageNotFound(NotFound):
    default_detail = _("There is no such page of variants, or no such product. Follow next from 1.")


class CategoryNotFound(NotFound):
    default_code = "category_not_found"
    default_detail = _("There is no such category. See /api/v1/categories/ for those there are.")


class NotEnoughStock(APIException):
    """More is wanted of `sku` than the `available` pieces."""

    status_code = 409
    default_code = "not_enough_stock"

    def __init__(self, *, sku: str, available: int):
        self.sku = sku
        sentence = gettext("{sku} is sold out. Choose another article.")
        if available:
            sentence = gettext(
                "Only {available} of {sku} are left. Ask for fewer, or choose another article."
            )
        super().__init__(sentence.format(sku=sku, available=available))


class CategoryInUse(Exception):
    """The category cannot be deleted: something lies in it, or was put there just now."""
