"""What an event is made of: only what JSON carries, and only what it says."""

from typing import Any, ClassVar

import pytest

from outbox.events import Event, MalformedEvent, event


@event
class MugBroken(Event):
    type: ClassVar[str] = "mug.broken"
    sku: str
    pieces: list[int]
    floor: int = 0

    @property
    def key(self) -> str:
        return self.sku


def test_there_and_back() -> None:
    event = MugBroken("MUG-RED", [3, 4])
    assert event.data == {"sku": "MUG-RED", "pieces": [3, 4], "floor": 0}
    assert MugBroken.of(event.data) == event
    assert (event.version, event.group) == (1, "MUG-RED")


def test_newer_code_may_say_more_and_older_code_less() -> None:
    data = {"sku": "MUG-RED", "pieces": [3], "room": "kitchen"}
    assert MugBroken.of(data) == MugBroken("MUG-RED", [3], 0)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"pieces": [3]}, "mug.broken 1: see sku"),
        ({"sku": 5, "pieces": [3]}, "mug.broken 1: see sku"),
        ({"sku": "A", "pieces": []}, "mug.broken 1: see pieces"),
        ({"sku": "A", "pieces": ["3"]}, "mug.broken 1: see pieces"),
        ({"sku": "A", "pieces": [True]}, "mug.broken 1: see pieces"),
        ({"sku": "A", "pieces": [3], "floor": "1"}, "mug.broken 1: see floor"),
        ({"sku": None, "floor": None}, "mug.broken 1: see sku, floor, pieces"),
        ([], "mug.broken: [] is no JSON object"),
    ],
)
def test_malformed(data: Any, why: str) -> None:
    with pytest.raises(MalformedEvent, match=f"^{why}$".replace("[]", r"\[\]")):
        MugBroken.of(data)
