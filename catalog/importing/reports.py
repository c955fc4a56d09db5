"""What is told at the end of an import, however it ended."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from catalog.importing.drafts import LineError
from catalog.importing.saving import Outcome

MOST_LINES = 5  # named in a note; of others it says how many there are


@dataclass
class Report:
    """What became of a file's entries.

    `source` says how the file was read. `stopped` why it was not read to its end, and
    `line` where the entry begins that it was at: all before it is done.
    """

    source: str = ""
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    refused: int = 0
    errors: list[LineError] = field(default_factory=list)
    notes: list[LineError] = field(default_factory=list)
    line: int = 1
    stopped: BaseException | None = None

    def __str__(self) -> str:
        counts = [f"{self.outcomes[outcome]} {outcome.value}" for outcome in Outcome]
        return ", ".join([*counts, *([f"{self.refused} refused"] if self.refused else [])])

    @property
    def is_complete(self) -> bool:
        return not self.errors and self.stopped is None

    def way_on(self) -> str:
        """Where it stopped, and how to go on."""
        return (
            f"stopped at line {self.line}: {reason_of(self.stopped)} All before it is done. Import "
            "the file again and it goes on: what is there already is left alone. "
            f"--start-line {self.line} leaves the lines before out."
        )

    def notes_together(self) -> Iterator[str]:
        """Each note once, with the lines that it is about."""
        lines: dict[tuple[str, str], list[int]] = {}
        for note in sorted(self.notes, key=lambda note: note.line):
            lines.setdefault((note.column, note.message), []).append(note.line)
        for (column, message), numbers in lines.items():
            yield f"{name_lines(numbers)}, {column}: {message}"


def name_lines(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"line {numbers[0]}"
    named, left = numbers[:MOST_LINES], len(numbers) - MOST_LINES
    if left <= 0:
        return f"lines {listed(named[:-1])} and {named[-1]}"
    return f"lines {listed(named)} and {left} more"


def listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def reason_of(error: BaseException | None) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "somebody stopped it."
    return f"{type(error).__name__}: {str(error).rstrip('.')}."
