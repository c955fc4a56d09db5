"""How far an order has come, and when: the shape in which it is kept.

An entry is {status, us}, microseconds after the order was placed: 2 to 7 bytes where the moment
has 27, of an item that is written again and again. Entries of code of before are {status, at}.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from orders.states import State

MICROSECOND = timedelta(microseconds=1)


class Reached(NamedTuple):
    """The order came to this state then."""

    state: str
    at: datetime


def history_entry(state: State, after: timedelta = timedelta(0)) -> dict[str, Any]:
    """For a state that was reached so long after the order was placed."""
    return {"status": state.value, "us": after // MICROSECOND}


def read_entry(entry: dict[str, Any], placed_at: datetime) -> Reached:
    """An entry that `history_entry` made, or code of before."""
    if "at" in entry:
        return Reached(entry["status"], datetime.fromisoformat(entry["at"]))
    return Reached(entry["status"], placed_at + entry["us"] * MICROSECOND)
