"""What the answers of the two engines come to. Pure: no processes, no files but one."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KNOWN_DIFFERENCES = Path(__file__).with_name("known_differences.toml")
NOT_REACHED = {"raises": "not reached"}


@dataclass(frozen=True)
class Difference:
    """An operation's answers where they are not the same; `reason` if it is known."""

    operation: str
    on_sqlite: Any
    on_engine: Any
    reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """Of one app: how many operations, and which of them differ."""

    app: str
    version: str
    operations: int
    differences: tuple[Difference, ...]
    unneeded: tuple[str, ...]  # known to differ, and do not
    broken: tuple[str, ...]  # raise on SQLite too: they say nothing

    @property
    def same(self) -> int:
        return self.operations - len(self.differences)

    @property
    def holds(self) -> bool:
        known = all(difference.reason for difference in self.differences)
        return known and not self.unneeded and not self.broken and self.operations > 0


def judge(
    app: str,
    version: str,
    on_sqlite: Mapping[str, Any],
    on_engine: Mapping[str, Any],
    known: Mapping[str, str],
) -> Verdict:
    """`known`: reasons by operation; `rest` is of those that a failed one keeps from being run."""
    differences = tuple(
        Difference(name, answer, found, known.get(name, known.get("rest", "")))
        for name, answer in on_sqlite.items()
        if (found := on_engine.get(name, NOT_REACHED)) != answer
    )
    differing = {difference.operation for difference in differences} | {"rest"}
    unneeded = tuple(sorted(known.keys() - differing))
    broken = tuple(name for name, answer in on_sqlite.items() if raised(answer))
    return Verdict(app, version, len(on_sqlite), differences, unneeded, broken)


def raised(answer: Any) -> bool:
    return isinstance(answer, dict) and answer.keys() == {"raises"}


def read_known(path: Path = KNOWN_DIFFERENCES) -> dict[str, dict[str, str]]:
    """Reasons by operation, by the app's folder."""
    return tomllib.loads(path.read_text())
