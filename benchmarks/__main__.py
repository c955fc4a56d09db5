"""`python -m benchmarks` (`make bench`): what the shop costs, against what one would pay without.

Prints the figures, and writes them to build/bench.json and build/bench.svg.
"""

import argparse
import json
import platform
import sys
from pathlib import Path

from benchmarks.comparisons import COMPARISONS, PEERS, Comparison, Figure, measure_all
from benchmarks.drawing import draw
from benchmarks.peers.peer import database_of_peer, python_of_peer
from benchmarks.profiles import print_profiles
from benchmarks.world import World
from tests.thirdparty.environment import ThirdPartyError

BUILD = Path(__file__).resolve().parent.parent / "build"


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="pairs of blocks (20)")
    parser.add_argument("--block", type=int, default=50, help="operations in a block (50)")
    parser.add_argument("--products", type=int, default=60, help="in the catalogue (60)")
    parser.add_argument(
        "--only",
        choices=[each.name for each in [*COMPARISONS, *PEERS]],
        action="append",
        help="one of them",
    )
    parser.add_argument(
        "--peers", action="store_true", help="django-oscar-api too; installs it in .local/peers"
    )
    parser.add_argument("--profile", action="store_true", help="profile our side instead")
    return parser.parse_args()


def choose(only: list[str] | None, *, peers: bool) -> list[Comparison]:
    """Those to be measured. Raises ValueError for a peer's name where `peers` are not asked for."""
    there = [*COMPARISONS, *(PEERS if peers else [])]
    if unknown := sorted(set(only or ()) - {each.name for each in there}):
        raise ValueError(f"{', '.join(unknown)}: only with --peers (make bench PEERS=1)")
    return [each for each in there if not only or each.name in only]


def main() -> None:
    options = parse_arguments()
    try:
        chosen = choose(options.only, peers=options.peers)
        if options.peers:
            database_of_peer()
            python_of_peer()
    except (ThirdPartyError, ValueError) as error:
        sys.exit(str(error))
    with World(products=options.products) as world:
        if options.profile:
            print_profiles(world, chosen)
            return
        figures = measure_all(world, chosen, rounds=options.rounds, block=options.block)
    for figure in figures:
        print(figure.sentence())
    write(figures, vars(options))


def write(figures: list[Figure], options: dict[str, object]) -> None:
    BUILD.mkdir(exist_ok=True)
    report = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "options": options,
        "figures": [figure.as_dict() for figure in figures],
    }
    (BUILD / "bench.json").write_text(json.dumps(report, indent=2) + "\n")
    (BUILD / "bench.svg").write_text(draw(figures))
    print(f"Written to {BUILD / 'bench.json'} and {BUILD / 'bench.svg'}")


if __name__ == "__main__":
    main()
