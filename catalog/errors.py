"""What can go wrong in the catalogue, in words for whoever caused it."""

from rest_framework.exceptions import APIException, NotFound


class ProductNotFound(NotFound):
    default_code = "product_not_found"
    default_detail = "There is no such product. Browse /api/v1/products/ for those there are."


class CategoryNotFound(NotFound):
    default_code = "category_not_found"
    default_detail = "There is no such category. See /api/v1/categories/ for those there are."


class NotEnoughStock(APIException):
    """A correction would take more from the stock than there is."""

    status_code = 409
    default_code = "not_enough_stock"
    default_detail = "There is less in stock than that. Look at the stock again and correct it."
