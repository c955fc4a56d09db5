"""Counting in a row that is written anyway, where a counter of its own would cost two units.

The row keeps [window, how many], and whoever counts writes it on condition that it is as it was
read: so it is as exact. It fits what one alone does often; what many do at once would have them
wait for each other.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.conf import settings

from limits.errors import TooOften
from limits.rates import Rate, parse_rate


class Tally(NamedTuple):
    """What a row keeps of one thing, or nothing. `scope` names its rate in settings.LIMITS; `what`
    is a sentence for whoever is over it."""

    scope: str
    what: str
    kept: Sequence[int] | None

    @property
    def rate(self) -> Rate:
        return parse_rate(settings.LIMITS[self.scope])

    def counted(self, now: float) -> int:
        """How many there were in the window of this moment (epoch seconds)."""
        window, _ = self.rate.window(now)
        return self.kept[1] if self.kept and self.kept[0] == window else 0

    def one_more(self, now: float) -> list[int]:
        """What the row keeps with one more, full or not."""
        return [self.rate.window(now)[0], self.counted(now) + 1]

    def wait(self, now: float) -> int:
        """Seconds until there is room; 0 if there is."""
        full = self.counted(now) >= self.rate.most
        return self.rate.window(now)[1] if full else 0


def check_room(tallies: Iterable[Tally], now: float) -> None:
    """Raises TooOften if one is full; of several the one that takes longest."""
    longest = max(tallies, key=lambda tally: tally.wait(now))
    if wait := longest.wait(now):
        raise TooOften(longest.what, wait=wait)
