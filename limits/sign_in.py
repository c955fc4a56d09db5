"""How often somebody may guess passwords.

Only wrong ones count. Strangers share the counters of their network and of the name they try.
Whoever has signed in from this network before has a counter of their own instead, so that nobody
elsewhere can lock them out, from however many addresses; and in their own network only who guesses
at their very name.

An answer is given only while there is room: one that finds the counter full after the password
was compared is a 429 too, right or wrong. So guesses sent at once are worth no more than others.
"""

import time
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from dynamodb.counters import Limit
from limits.errors import TooOften
from limits.services import NO_LIMIT, Counter, hashed

counters: Any = cache  # a DynamoDBCache: Django's own interface has no `take`
KNOWN_FOR = 30 * 86_400  # seconds
ADDRESS, USER = "sign-in-address", "sign-in-user"
WHAT = _("Too many attempts to sign in.")


class Attempt:
    """One attempt of `name`, as typed, from `network`: `check` it, then say how it ended."""

    def __init__(self, *, name: str, network: str):
        now = time.time()
        # As the forms read it, or ` ada` would be one more name to guess by.
        name = User.normalize_username(name.strip())
        pair = f"{name}\n{network}"
        self.by_network = Counter(ADDRESS, network, WHAT).limit(now)
        self.by_name = Counter(USER, name, WHAT).limit(now)
        self.by_pair = Counter(ADDRESS, pair, WHAT).limit(now)
        self.known_key = f"signed-in:{hashed(pair)}"
        self.known = False
        self.wrong = 0  # passwords of this name from this network, in this window

    @property
    def limits(self) -> list[Limit]:
        if self.known:
            return [self.by_pair]
        return [self.by_network, self.by_name, self.by_pair._replace(most=NO_LIMIT)]

    def check(self) -> None:
        """Raises TooOften if there is no room. One call."""
        keys = [limit.key for limit in (self.by_network, self.by_name, self.by_pair)]
        found = counters.get_many([*keys, self.known_key])
        self.known = self.known_key in found
        self.wrong = found.get(self.by_pair.key, 0)
        self.refuse(limit for limit in self.limits if found.get(limit.key, 0) >= limit.most)

    def failed(self) -> None:
        """The password was wrong. Raises TooOften if it was one too many."""
        self.refuse(counters.take(self.limits))

    def succeeded(self) -> None:
        """The password was right: what was mistyped before is forgiven.

        Raises TooOften if others have filled a counter while it was compared.
        """
        self.check()
        if self.known:
            return
        counters.set(self.known_key, 1, KNOWN_FOR)
        # Of several at once one deletes, and forgives: else the others' guesses would be, too.
        if self.wrong and counters.delete(self.by_pair.key):
            shared = (self.by_network, self.by_name)
            counters.take([each._replace(most=NO_LIMIT, adds=-self.wrong) for each in shared])

    def refuse(self, full: Iterable[Limit]) -> None:
        waits = [int(limit.seconds) for limit in full]
        if waits:
            raise TooOften(WHAT, wait=max(waits))
