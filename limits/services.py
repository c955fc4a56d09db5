"""Counting what may be done so often, for all processes at once.

Each thing is counted under several names (an address, a mail's recipient, a cart), in one call:
whoever is over one limit is counted under none. Names are stored as hashes.
"""

import hashlib
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError
from rest_framework.request import Request

from dynamodb.client.refusals import UnknownOutcome
from dynamodb.counters import Limit
from dynamodb.reads import get_one
from limits.errors import TooOften
from limits.models import Count
from limits.rates import parse_rate

counters: Any = cache  # a DynamoDBCache: Django's own interface has no `take`
NO_LIMIT = 10**12


class Counter(NamedTuple):
    """One name under which something counts: `scope` names its rate in settings.LIMITS.

    `what` is a sentence for whoever is over it.
    """

    scope: str
    name: str
    what: Any  # a text, or one that waits for the language

    def limit(self, now: float) -> Limit:
        rate = parse_rate(settings.LIMITS[self.scope])
        window, left = rate.window(now)
        key = f"limit:{self.scope}:{window}:{hashed(self.name)}"
        return Limit(key, rate.most, left)

    def stored_key(self, now: float) -> str:
        """The primary key of its `Count`."""
        return str(cache.make_key(self.limit(now).key))


def hashed(name: str) -> str:
    return hashlib.sha256(name.encode(errors="replace")).hexdigest()


def take(some: Sequence[Counter]) -> None:
    """Count one more under each of the names. Raises TooOften, and counts nothing, if one is
    full; of several the one that takes longest."""
    now = time.time()
    limits = {counter.limit(now): counter for counter in some}
    try:
        full = counters.take(list(limits))
    except UnknownOutcome as error:  # of the counting alone
        raise OperationalError(str(error)) from error
    if full:
        longest = max(full, key=lambda limit: limit.seconds)
        raise TooOften(limits[longest].what, wait=int(longest.seconds))


def take_once(request: Request, some: Sequence[Counter]) -> None:
    """The same for a request, which counts once also where a conflict has it run again."""
    whole = request._request
    if not getattr(whole, "limits_taken", False):
        take(some)
        setattr(whole, "limits_taken", True)  # noqa: B010  of no type that has it


def take_with_request(request: Request, some: Sequence[Counter]) -> None:
    """Count with the transaction of a request, for no call of its own.

    One that has to be run again counts by itself, before: that tells what is full, and where
    many share a counter their requests meet there no more.
    """
    whole = request._request
    if getattr(whole, "counts_itself", False):
        take_once(request, some)
    else:
        setattr(whole, "counts_itself", True)  # noqa: B010  of no type that has it
        now = time.time()
        counters.take_with_commit([counter.limit(now) for counter in some])


def check_room(counter: Counter, now: float) -> None:
    """Raises TooOften if it is full already. One read, none where the transaction knows it."""
    found, limit = get_one(Count, counter.stored_key(now)), counter.limit(now)
    if found is not None and found.value >= limit.most:
        raise TooOften(counter.what, wait=int(limit.seconds))


def note(some: Sequence[Counter]) -> None:
    """Count one more under each of the names, full or not: it has happened."""
    now = time.time()
    counters.take([counter.limit(now)._replace(most=NO_LIMIT) for counter in some])
