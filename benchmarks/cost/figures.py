"""The measured figures, as the calculator and the simulation want them."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.cost.habits import ALSO_WAITS, ANSWER, MACHINE, Machine

MEASURED = Path(__file__).with_name("measured.json")


@dataclass(frozen=True)
class Step:
    """One step of the journey: milliseconds of CPU, bytes answered and logged, calls, units
    by place."""

    name: str
    cpu_ms: float
    answer_bytes: int
    log_bytes: int
    calls: dict[str, int]
    units: dict[str, dict[str, float]]

    @property
    def reads(self) -> float:
        return sum(consumed.get("reads", 0.0) for consumed in self.units.values())

    @property
    def writes(self) -> float:
        return sum(consumed.get("writes", 0.0) for consumed in self.units.values())

    def writes_at(self, place: str) -> float:
        """Write units of a table, or of `table/index`."""
        return self.units.get(place, {}).get("writes", 0.0)

    def billed_ms(self, machine: Machine = MACHINE) -> float:
        """What Lambda would bill: measured CPU, and the assumed time of each call."""
        waiting = sum(ANSWER[operation] * count for operation, count in self.calls.items())
        return machine.billed(self.cpu_ms, waiting + ALSO_WAITS.get(self.name, 0.0))


@dataclass(frozen=True)
class Figures:
    """All that was measured; `start_cpu` is that of a new process, in milliseconds."""

    conditions: dict[str, Any]
    start_cpu: float
    bytes_of_an_order: int
    steps: dict[str, Step]


@cache
def load_figures() -> Figures:
    return parse_figures(json.loads(MEASURED.read_text()))


def parse_figures(measured: dict[str, Any]) -> Figures:
    steps = {name: Step(name, **values) for name, values in measured["steps"].items()}
    return Figures(**{**measured, "steps": steps})
