"""Where our side of each comparison spends its time."""

from benchmarks.comparisons import Comparison
from benchmarks.subject import WARM_UP, Subject
from benchmarks.world import World

OPERATIONS = 500


def print_profiles(world: World, comparisons: list[Comparison]) -> None:
    """cProfile on recorded answers, by own time; imports and sizes are not profiled."""
    for comparison in comparisons:
        if comparison.kind != "operation":
            continue
        with Subject(comparison.ours, world.environment("canned")) as side:
            side.run(WARM_UP)
            print(f"{comparison.ours}, {OPERATIONS} operations\n{side.profile(OPERATIONS)}")
