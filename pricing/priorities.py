"""Priorities of price lists, as a process remembers them.

A price names its list, and whether that is active stands in the list's own row, so that one write
switches off a list of 10,000 SKUs. To read it with each cart would be a call more. So a process
asks once a minute: a list that is switched off goes on for so long at most. Dates in the prices
themselves are exact.
"""

from collections.abc import Iterable

from pricing.selectors import list_priorities

KEPT = 60.0  # seconds


class Priorities:
    """What was read, and until when it is good."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[float, int | None]] = {}  # None: not active, or no such list

    def of(self, names: Iterable[str], now: float) -> dict[str, int]:
        """Of the active ones among these lists. `now` in seconds, of any clock that only rises.

        One call where one of them was not asked for within a minute, else none.
        """
        wanted = set(names) - {""}
        asked = {name for name in wanted if self.known.get(name, (now, None))[0] <= now}
        found = list_priorities(names=asked)
        self.known |= {name: (now + KEPT, found.get(name)) for name in asked}
        known = {name: self.known[name][1] for name in wanted}
        return {name: priority for name, priority in known.items() if priority is not None}


PRIORITIES = Priorities()
