"""Does a list cost the same in a large table as in a small one? On dynoxide, which keeps its
indexes in order; the local AWS sorts a partition for each query, and would be what is measured.

`python -m benchmarks.flatness <size>` makes the tables and loads so many products.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import django

from benchmarks.pairs import alternate
from benchmarks.sides.common import ROWS
from benchmarks.subject import Subject
from benchmarks.world import shop_environment
from tests.dynamodb.servers import dynoxide

SIDE = "orm_query"


def measure_sizes(ours: str, theirs: str, rounds: int, block: int) -> Iterator[tuple[float, float]]:
    """Pairs of milliseconds of CPU: 20 rows out of `ours` products, and out of `theirs`.

    Raises Unavailable where there is no dynoxide, and AssertionError if the two make other
    calls or consume other units.
    """
    with ExitStack() as stack:
        endpoint = stack.enter_context(dynoxide())
        large, small = (
            stack.enter_context(Subject(SIDE, loaded(endpoint, int(size))))
            for size in (ours, theirs)
        )
        assert len(large.answer()) == len(small.answer()) == ROWS
        assert large.calls() == small.calls(), "a larger table takes other calls"
        yield from alternate(large.warm(block), small.warm(block), rounds)


def loaded(endpoint: str, size: int) -> dict[str, str]:
    """Tables of `size` products; the variables that lead to them."""
    # The prefixes are equally long, and so are the requests.
    environment = {**shop_environment(endpoint), "SHOP_TABLE_PREFIX": f"bench-{size:06d}-"}
    command = [sys.executable, "-m", "benchmarks.flatness", str(size)]
    subprocess.run(command, env=environment, check=True)
    return environment


def main(size: int) -> None:
    django.setup()
    from django.core.management import call_command
    from tqdm import tqdm

    from catalog.management.commands.load_catalogue import make_category
    from catalog.models import Product
    from catalog.synthetic import make_rows
    from dynamodb import bulk

    call_command("migrate", interactive=False, verbosity=0)
    made = make_rows(size=size, categories=[make_category()])
    products = (row for rows in made for row in rows if isinstance(row, Product))
    bulk.load(tqdm(products, total=size, desc="products", unit="", leave=False, disable=None))


if __name__ == "__main__":
    main(int(sys.argv[1]))
