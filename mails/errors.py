"""Why a mail cannot be sent, ever: trying again would change nothing."""


class Undeliverable(Exception):
    """`reason` is for whoever runs the shop; it names no address."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class WrongMailAddress(ValueError):
    """No mail can be sent to it. The text says what to do, to whoever typed it."""
