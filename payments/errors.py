"""What can go wrong between the shop and a provider."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException


class GatewayUnavailable(Exception):
    """No answer from the gateway. It may have been done: ask again with the same reference."""


class RefundTooLarge(Exception):
    """More than is left of what the payment has taken."""

    def __init__(self, *, asked: Decimal, left: Decimal):
        super().__init__(f"{asked} cannot be refunded: {left} is left.")
        self.left = left


class UntrustedNotification(APIException):
    """Not signed by the provider, or not as it writes them."""

    status_code = 400
    default_code = "untrusted_notification"
    default_detail = _("The notification is not one of the provider's: its signature is wrong.")
