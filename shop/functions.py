"""The Lambda functions of the one code: which queues each polls, and how long a call may take.

What a customer waits for and what nobody waits for have shares of their own: time, memory, calls
at once. `zappa_settings.json` says the same to AWS; tests compare the two.
"""

from typing import NamedTuple


class Function(NamedTuple):
    """`queues` are keys of settings.QUEUES, `timeout` the seconds that one call may take."""

    queues: tuple[str, ...]
    timeout: int

    @property
    def visibility(self) -> int:
        """Seconds that its queues hide a message which is worked on.

        AWS asks for six times the timeout, so that a batch is not delivered again meanwhile:
        https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
        """
        return 6 * self.timeout


FUNCTIONS = {
    "shop": Function(queues=("orders", "mail-events"), timeout=30),
    "jobs": Function(queues=("catalog",), timeout=900),
}
SWEEPER = "shop"  # the function that the schedule calls


def function_of(queue: str) -> Function:
    """The function that polls a queue of settings.QUEUES. Raises LookupError if none does."""
    for function in FUNCTIONS.values():
        if queue in function.queues:
            return function
    raise LookupError(f"no function polls the queue {queue!r}: see shop/functions.py")
