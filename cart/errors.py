"""What can be wrong with a cart, and what to do about it."""

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, NotAuthenticated, NotFound


class CartTokenMissing(NotAuthenticated):
    default_code = "cart_token_missing"
    default_detail = _(
        "Send the header Cart-Token that POST /api/v1/cart/ answered with, or sign in."
    )


class CartNotFound(NotFound):
    default_code = "cart_not_found"
    default_detail = _("No cart has this Cart-Token, or it has expired. POST /api/v1/cart/ anew.")


class CartLineNotFound(NotFound):
    default_code = "cart_line_not_found"
    default_detail = _("This article is not in the cart. Add it with POST /api/v1/cart/lines/.")


class CartFull(APIException):
    status_code = 409
    default_code = "cart_full"
    default_detail = _("The cart has no room for another article. Remove one, or order first.")
