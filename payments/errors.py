"""What can become of a charge besides success."""


class PaymentDeclined(Exception):
    """The customer's bank said no, for good. `reason` is a phrase for the customer."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class GatewayUnavailable(Exception):
    """No answer from the gateway. The charge may exist: ask again with the same reference."""
