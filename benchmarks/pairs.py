"""Measurements in pairs: what disturbs the machine disturbs both sides."""

from collections.abc import Callable, Iterator

Measure = Callable[[], float]


def alternate(ours: Measure, theirs: Measure, rounds: int) -> Iterator[tuple[float, float]]:
    """Pairs of ours and theirs; who comes first alternates."""
    for number in range(rounds):
        if number % 2:
            second, first = theirs(), ours()
            yield first, second
        else:
            yield ours(), theirs()
