"""What can go wrong with orders, and what to do about it."""

from rest_framework.exceptions import APIException, NotFound


class IdempotencyKeyMissing(APIException):
    status_code = 400
    default_code = "idempotency_key_missing"
    default_detail = (
        "Send the header Idempotency-Key with a new UUID, and the same one when you try again."
    )


class OrderNotFound(NotFound):
    default_code = "order_not_found"
    default_detail = (
        "No order of yours has this number. Guests send the secret from the checkout's answer "
        "as Order-Secret."
    )


class SoldOut(Exception):
    """There is not enough of `sku` for the order."""

    def __init__(self, sku: str):
        super().__init__(sku)
        self.sku = sku


class MailInProgress(Exception):
    """Another consumer is at the order's mail. Try again when its lease has run out."""
