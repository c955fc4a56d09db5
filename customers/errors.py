"""What can be wrong with a customer, and what to do about it."""

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, NotFound


class AddressNotFound(NotFound):
    default_code = "address_not_found"
    default_detail = _("You have no such address. GET /api/v1/customer/addresses/ lists yours.")


class AddressBookFull(APIException):
    status_code = 409
    default_code = "address_book_full"
    default_detail = _("There is no room for another address. Remove one first.")


class CustomerErased(Exception):
    """The customer was erased, or went into another: nothing is stored with it any more."""


class GroupNotFound(Exception):
    """There is no group with this code."""
