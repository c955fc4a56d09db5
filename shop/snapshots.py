"""SnapStart: Lambda keeps the memory of one initialised process, and starts all others from it.

What must not be the same in all of them, or not as old as the copy: connections, and Python's
random numbers (delays between retries, shards). Nothing else is: keys, tokens and ids come from
the system's own generator (`secrets`, `os.urandom`), ids also from the clock; credentials are
botocore's, which renews them by the clock; and no boto3 client is made before the first request.
"""

import random
from importlib import import_module

from dynamodb.client.wire import forget_connections
from shop.later import import_all


def register_hooks() -> None:
    """Have Lambda call these, where there is SnapStart: its library is in Lambda's runtime."""
    try:
        hooks = import_module("snapshot_restore_py")
    except ImportError:
        return
    hooks.register_before_snapshot(forget_connections)
    hooks.register_before_snapshot(import_all)  # nobody waits for it then
    hooks.register_after_restore(renew_random_numbers)


def renew_random_numbers() -> None:
    random.seed()
