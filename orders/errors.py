"""What can go wrong with orders, and what to do about it."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, NotFound

from pricing.money import Money
from pricing.writing import written


class IdempotencyKeyMissing(APIException):
    status_code = 400
    default_code = "idempotency_key_missing"
    default_detail = _(
        "Send the header Idempotency-Key with a new UUID, and the same one when you try again."
    )


class OrderNotFound(NotFound):
    default_code = "order_not_found"
    default_detail = _(
        "No order of yours has this number. Guests send the secret from the checkout's answer "
        "as Order-Secret."
    )


class PriceChanged(APIException):
    """The total is not the one that the customer was shown."""

    status_code = 409
    default_code = "price_changed"

    def __init__(self, *, expected: Money, total: Money, changed: list[str]):
        super().__init__(
            gettext(
                "The total is {total}, not {expected}. Changed: {changed}. Show the cart again, "
                "and check out with its total."
            ).format(
                total=written(total),
                expected=written(expected),
                changed=", ".join(changed) or gettext("the cart"),
            )
        )
