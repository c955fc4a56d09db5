"""Random statements about single rows: what is compared, what is set, what is there already."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

from tests.dynamodb.app.models import Box, Entry, Item, Line, Member, Parcel, Seat, Ticket

DAY = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = [None, DAY, DAY.replace(microsecond=500_000), DAY.replace(day=2)]
TEXTS = ["", "a", "A", "b", "é", "\x00", "\x00a"]
NUMBERS = [0, 1, 2, 5, -1]
SOME_JSON = [{}, {"a": 1}, {"a": None}, [], [1], "x", 1, True]
AMOUNTS = [Decimal("0"), Decimal("1.5"), Decimal("1.25"), Decimal("-3")]

#: By model, the values of its key's fields.
KEYS: dict[Any, dict[str, list[Any]]] = {
    Item: {"sku": ["", "a", "A", "b", "é"]},
    Seat: {"id": [1, 2, 3]},
    Entry: {"id": [1, 2, 3]},
    Parcel: {"code": ["a", "b", ""]},
    Ticket: {"code": ["a", "b"]},
    Member: {"number": [1, 2, 3]},
    Box: {"shelf": ["s", "", "t"], "label": ["l", "", "k"]},
    Line: {"basket": ["s", "t"], "position": [1, 2]},
}
VALUES: dict[Any, dict[str, list[Any]]] = {
    Item: {
        "shelf": TEXTS, "title": TEXTS, "stock": NUMBERS, "price": AMOUNTS, "data": SOME_JSON,
        "blob": [b"", b"a", b"b"], "made": MOMENTS, "maker_id": [None, 1],
    },
    Seat: {"hall": ["a", "b"], "number": NUMBERS, "holder": TEXTS, "active": [True, False]},
    Entry: {
        "group": NUMBERS, "rank": [None, *NUMBERS], "name": ["a", "b", ""], "amount": AMOUNTS,
        "flag": [None, True, False],
    },
    Parcel: {
        "hub": TEXTS, "weight": NUMBERS, "note": TEXTS, "status": ["open", "shut"],
        "carrier": [None, *TEXTS], "sent": MOMENTS, "lines": SOME_JSON,
    },
    Ticket: {"note": TEXTS, "expires": MOMENTS},
    Member: {
        "email": ["a", "A", "b", "é", "É"], "city": TEXTS, "joined": [None, 1, 2],
        "visits": NUMBERS, "active": [True, False],
    },
    Box: {"code": [None, *TEXTS], "width": NUMBERS, "height": NUMBERS},
    Line: {"sku": TEXTS},
}  # fmt: skip
COMPARED = ("", "__gt", "__gte", "__lt", "__lte")
KINDS = ["create"] * 4 + ["update"] * 10 + ["delete"] * 2 + ["read", "save", "block"]


@dataclass(frozen=True)
class Step:
    kind: str
    model: Any = None
    key: dict[str, Any] = field(default_factory=dict)
    conditions: tuple[dict[str, Any], ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    added: frozenset[str] = frozenset()  # values that are added to what is there
    steps: tuple[Step, ...] = ()
    undone: bool = False


def steps_of(chance: Random, number: int) -> list[Step]:
    return [step_of(chance) for _ in range(number)]


def step_of(chance: Random) -> Step:
    kind = chance.choice(KINDS)
    if kind == "block":
        # One that is undone is never committed: what it was told unread nobody has checked.
        return Step(
            kind, steps=tuple(steps_of(chance, chance.randint(1, 4))), undone=chance.random() < 0.4
        )
    model = chance.choice(list(VALUES))
    given = VALUES[model]
    names = list(given)
    if kind != "create":
        names = chance.sample(names, chance.randint(1, min(3, len(names))))
    values = {name: chance.choice(given[name]) for name in names}
    numbers = {name for name, value in values.items() if type(value) in (int, Decimal)} - {
        "data",
        "lines",
        "maker_id",
    }
    added = {name for name in numbers if kind == "update" and chance.random() < 0.4}
    conditions = () if kind in ("create", "save") else conditions_of(chance, model)
    key = {name: chance.choice(known) for name, known in KEYS[model].items()}
    return Step(kind, model, key, conditions, values, frozenset(added))


def conditions_of(chance: Random, model: Any) -> tuple[dict[str, Any], ...]:
    return tuple(condition_of(chance, model) for _ in range(chance.choice([0, 0, 1, 1, 2])))


def condition_of(chance: Random, model: Any) -> dict[str, Any]:
    if chance.random() < 0.1:  # of the key, which is another's then
        name, values = chance.choice(list(KEYS[model].items()))
        return {name: chance.choice(values)}
    name = chance.choice(list(VALUES[model]))
    value = chance.choice(VALUES[model][name])
    if chance.random() < 0.3:
        return {f"{name}__isnull": chance.random() < 0.5}
    if value is None or type(value) is bool or name in ("data", "lines", "maker_id"):
        return {name: value}
    return {f"{name}{chance.choice(COMPARED)}": value}
