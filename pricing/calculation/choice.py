"""Which benefits apply: of all sets that may go together, the one with the least to pay.

Where no threshold is at stake, one benefit more never costs more, so only the largest sets are
tried. A threshold (a minimum, free shipping from a sum) can be missed by a discount: then all sets
are tried, if there are no more than MOST_SETS; else the largest ones, at most as many, and of the
best of them those with one benefit less, for as long as that costs less.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from pricing.calculation.promotions import Promotion

#: Sets of benefits that are tried at most. Seven that all go together have as many.
MOST_SETS = 128

Set = tuple[Promotion, ...]
Cost = Callable[[Set], int]


def choose(promotions: Iterable[Promotion], cost: Cost, *, has_thresholds: bool) -> Set:
    """The set of the least `cost`; of equal ones the smallest, then the first by sources.

    The order of `promotions` does not matter.
    """
    ordered = tuple(sorted(promotions, key=lambda each: (each.source, repr(each.benefit))))
    if not ordered:
        return ()
    if has_thresholds:
        tried = list(islice(all_sets(ordered), MOST_SETS + 1))
        if len(tried) <= MOST_SETS:
            return cheapest(tried, cost)
    best = cheapest(islice(largest_sets(ordered), MOST_SETS), cost)
    return thinned(best, cost)


def cheapest(sets: Iterable[Set], cost: Cost) -> Set:
    return min(sets, key=lambda each: (cost(each), len(each), sources(each)))


def sources(promotions: Set) -> tuple[str, ...]:
    return tuple(promotion.source for promotion in promotions)


def thinned(best: Set, cost: Cost) -> Set:
    """The set without what does not make it cheaper, one at a time."""
    while best:
        smaller = [best[:at] + best[at + 1 :] for at in range(len(best))]
        other = cheapest([best, *smaller], cost)
        if other == best:
            return best
        best = other
    return best


def all_sets(ordered: Sequence[Promotion], chosen: Set = ()) -> Iterator[Set]:
    """Each set whose members combine, none of them first."""
    yield chosen
    for at, promotion in enumerate(ordered):
        rest = [other for other in ordered[at + 1 :] if promotion.combines(other)]
        yield from all_sets(rest, (*chosen, promotion))


def largest_sets(ordered: Sequence[Promotion]) -> Iterator[Set]:
    """Each set that no other benefit could join: Bron and Kerbosch, with a pivot."""
    return extended((), list(ordered), [])


def extended(chosen: Set, joining: list[Promotion], tried: list[Promotion]) -> Iterator[Set]:
    """The largest sets with all of `chosen`, any of `joining` and none of `tried`."""
    if not joining and not tried:
        yield chosen
        return
    pivot = max((*joining, *tried), key=lambda each: len(combining(each, joining)))
    for promotion in [each for each in joining if each is pivot or not pivot.combines(each)]:
        yield from extended(
            (*chosen, promotion), combining(promotion, joining), combining(promotion, tried)
        )
        joining = [each for each in joining if each is not promotion]
        tried = [*tried, promotion]


def combining(promotion: Promotion, others: list[Promotion]) -> list[Promotion]:
    return [each for each in others if each is not promotion and promotion.combines(each)]
