"""What Lambda starts for the jobs (`lambda_handler` in zappa_settings.json): Zappa's handler, with
all that its queues' subscribers need.

No request goes before the first: nobody waits for a job's process. But what cannot be imported
ends the process here, where it is an error of the function that an alarm sees at once, and not of
each message, which the queue would hide for an hour and a half before it tries again.
"""

from importlib import import_module

from outbox.subscriptions import handler_of, subscriptions
from shop.functions import FUNCTIONS
from shop.zappa_handler import lambda_handler

__all__ = ["lambda_handler"]


def load_subscribers() -> None:
    """Import what the event sources call, and each subscriber on a queue of the jobs'."""
    import_module("shop.events")  # Zappa's handler has set Django up by now
    for each in subscriptions().values():
        if each.queue in FUNCTIONS["jobs"].queues:
            handler_of(each.name)


load_subscribers()
