"""What Lambda starts (`lambda_handler` in zappa_settings.json): Zappa's handler, made ready for
its first request while Lambda initialises the process.

If no process is free a customer waits for all of this. So the garbage collector rests, boto3 is
left out, and a request of our own loads what the first customer's would.
"""

import gc
import logging

gc.disable()  # what is made from here on stays; looking for garbage takes an eighth of the time

from shop.snapshots import register_hooks  # noqa: E402  imports are what it is about
from shop.zappa_handler import lambda_handler  # noqa: E402  the same

__all__ = ["lambda_handler"]

logger = logging.getLogger(__name__)


def warm_up() -> None:
    """Ask for the shop's health: addresses, middleware, tables, a connection are there then.

    A failure is logged and no more: it may be over when a customer comes.
    """
    from django.conf import settings

    host = next(iter(settings.ALLOWED_HOSTS), "").lstrip(".*") or "localhost"
    event = {
        "httpMethod": "GET",
        "path": "/api/v1/health/",
        "headers": {"Accept": "application/json", "Host": host, "X-Forwarded-Proto": "https"},
        "requestContext": {},
    }
    answer = lambda_handler(event, None)
    if answer["statusCode"] != 200:
        logger.warning("The request before the first was answered with %s", answer["statusCode"])


warm_up()
register_hooks()
gc.enable()
gc.freeze()  # nor need it look at all that ever again
