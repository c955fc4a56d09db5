"""Mail addresses in requests."""

from typing import Any

from rest_framework import serializers

from mails.addresses import LONGEST, ascii_address
from mails.errors import WrongMailAddress


class MailAddressField(serializers.EmailField):
    """An address that the shop can send to; in lower case, so that all of an address is found.

    What SES would refuse is refused here, where somebody can still mend it.
    """

    def __init__(self, **options: Any):
        super().__init__(max_length=LONGEST, **options)

    def to_internal_value(self, data: Any) -> str:
        address = super().to_internal_value(data).lower()
        try:
            ascii_address(address)
        except WrongMailAddress as wrong:
            raise serializers.ValidationError(str(wrong)) from wrong
        return address
