"""What is compared with what, and how: paired blocks, interleaved, CPU time of our processes."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from statistics import median, quantiles
from typing import Any

from tqdm import tqdm

from benchmarks.flatness import measure_sizes
from benchmarks.imports import measure_import
from benchmarks.pairs import alternate
from benchmarks.peers.peer import database_of_peer
from benchmarks.starting import measure_starts
from benchmarks.subject import Subject
from benchmarks.world import World
from tests.dynamodb.servers import Unavailable


@dataclass(frozen=True)
class Comparison:
    """Two sides, and the highest ratio that will do. They deliver the same, unless it is said that
    they are not `alike`: then one is the other's measure."""

    name: str
    title: str
    ours: str
    theirs: str
    goal: float | None
    kind: str = "operation"
    alike: bool = True


COMPARISONS = [
    Comparison(
        "list", "Product list through Lambda / bare handler, Table.query",
        "lambda_list", "bare_list", 0.65,
    ),
    Comparison(
        "list-floor", "Product list through Lambda / its Query and JSON alone",
        "lambda_list", "floor_list", 4.5,
    ),
    Comparison(
        "detail", "Product through Lambda / bare handler, two reads",
        "lambda_detail", "bare_detail", 1.25,
    ),
    Comparison(
        "detail-floor", "Product through Lambda / its reads and JSON alone",
        "lambda_detail", "floor_detail", None,
    ),
    Comparison(
        "cart", "Cart of three lines through Lambda / bare handler, two reads",
        "lambda_cart", "bare_cart", 1.4, "written",
    ),
    Comparison(
        "add", "A line added through Lambda / bare put, nothing checked",
        "lambda_add", "bare_add", 2.0, "written",
    ),
    Comparison(
        "checkout", "Checkout through Lambda / bare handler's product list",
        "lambda_checkout", "bare_list", 1.4, "written", alike=False,
    ),
    Comparison(
        "consumer", "An order's two messages / bare handler's product list",
        "lambda_consumer", "bare_list", 3.15, "written", alike=False,
    ),
    Comparison("get", "ORM get(pk) / client.get_item", "orm_get", "boto3_get", 0.5),
    Comparison("query", "ORM 20 rows by index / client.query", "orm_query", "boto3_query", 0.42),
    Comparison(
        "import", "Import Django, engine, client / boto3 and client",
        "django_engine", "boto3", None, "import",
    ),
    Comparison(
        "import-engine", "Import engine, client (Django there) / boto3 and client",
        "engine", "boto3", 0.22, "import",
    ),
    Comparison(
        "start", "New process to answer, shop / bare Django REST", "ours", "theirs", 1.2, "cpu",
    ),
    Comparison(
        "start-wall", "New process to answer, in time, shop / bare", "ours", "theirs", 1.2, "wall",
    ),
    Comparison("first", "First request after INIT / a warm one", "first", "warm", 3.0, "first"),
    Comparison("10k", "ORM 20 rows by index of 10,000 / of 100", "10000", "100", 1.1, "size"),
    Comparison("100k", "ORM 20 rows by index of 100,000 / of 100", "100000", "100", 1.1, "size"),
]  # fmt: skip
PEERS = [
    Comparison(
        f"peer-{name}", f"{title} through Lambda / oscar-api",
        f"lambda_{name}", f"peer_{name}", None, "peer", alike=False,
    )
    for name, title in {
        "list": "Product list",
        "detail": "Product",
        "cart": "Cart of three lines",
        "add": "A line added",
        "checkout": "Checkout",
    }.items()
]  # fmt: skip
STARTS = ("cpu", "wall", "first")  # kinds that start processes, by what they measure


@dataclass(frozen=True)
class Figure:
    """Milliseconds of one operation, by round, of both sides: of CPU, but for kind "wall"."""

    comparison: Comparison
    server: str
    ours: list[float]
    theirs: list[float]

    @property
    def ratios(self) -> list[float]:
        return [ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True)]

    def spread(self) -> tuple[float, float, float]:
        """Lower quartile, median and upper quartile of the ratios of the pairs."""
        return quartiles(self.ratios)

    @property
    def unit(self) -> str:
        return "ms" if self.comparison.kind == "wall" else "ms of CPU"

    def sentence(self) -> str:
        low, middle, high = self.spread()
        goal = self.comparison.goal
        verdict = (
            "" if goal is None else f"  (goal {goal:.2f}: {'met' if middle <= goal else 'missed'})"
        )
        return (
            f"{self.comparison.title}, {self.server}:\n"
            f"  {median(self.ours):7.3f} / {median(self.theirs):7.3f} {self.unit} = "
            f"{middle:.3f} [{low:.3f} to {high:.3f}]{verdict}"
        )

    def as_dict(self) -> dict[str, Any]:
        low, middle, high = self.spread()
        return {
            "name": self.comparison.name,
            "title": self.comparison.title,
            "server": self.server,
            "unit": f"{self.unit} per operation",
            "ours": dict(zip(("q1", "median", "q3"), quartiles(self.ours), strict=True)),
            "theirs": dict(zip(("q1", "median", "q3"), quartiles(self.theirs), strict=True)),
            "ratio": {"q1": low, "median": middle, "q3": high},
            "goal": self.comparison.goal,
            "rounds": {"ours": self.ours, "theirs": self.theirs},
        }


def quartiles(values: list[float]) -> tuple[float, float, float]:
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return low, middle, high


def measure_all(
    world: World, comparisons: list[Comparison], *, rounds: int, block: int
) -> list[Figure]:
    plan = [(each, server) for each in comparisons for server in servers_of(each)]
    figures = []
    with tqdm(total=rounds * len(plan), unit="pair", disable=None) as progress:
        for comparison, server in plan:
            progress.set_description(f"{comparison.name}, {server}")
            pairs = []
            try:
                for pair in measure(world, comparison, server, rounds, block):
                    pairs.append(pair)
                    progress.update()
            except Unavailable as reason:
                progress.write(f"SKIPPED: {comparison.title}. {reason}")
                continue
            ours, theirs = map(list, zip(*pairs, strict=True))
            figures.append(Figure(comparison, server, ours, theirs))
    return figures


def servers_of(comparison: Comparison) -> tuple[str, ...]:
    """The local AWS, and recorded answers of it, so that its moods are out."""
    if comparison.kind in STARTS:
        return ("canned",)
    if comparison.kind == "peer":
        return (f"local AWS / {database_of_peer()}",)
    elsewhere = {
        "import": ("no server",),
        "size": ("dynoxide",),
        "written": ("local AWS",),  # rows that the sides have made themselves
    }
    return elsewhere.get(comparison.kind, ("canned", "local AWS"))


def measure(
    world: World, comparison: Comparison, server: str, rounds: int, block: int
) -> Iterator[tuple[float, float]]:
    """Pairs of milliseconds, ours and theirs."""
    if comparison.kind == "import":
        yield from measure_imports(comparison, rounds)
        return
    if comparison.kind in STARTS:
        yield from measure_starts(world, comparison.kind, rounds)
        return
    if comparison.kind == "size":
        yield from measure_sizes(comparison.ours, comparison.theirs, rounds, block)
        return
    with ExitStack() as stack:
        ours = stack.enter_context(Subject(comparison.ours, world.environment(server)))
        theirs = stack.enter_context(
            world.peer.subject(comparison.theirs)
            if comparison.kind == "peer"
            else Subject(comparison.theirs, world.environment(server))
        )
        both = ours.answer(), theirs.answer()
        assert both[0] == both[1] or not comparison.alike, "the two sides do not deliver the same"
        yield from alternate(ours.warm(block), theirs.warm(block), rounds)


def measure_imports(comparison: Comparison, rounds: int) -> Iterator[tuple[float, float]]:
    ours = partial(measure_import, comparison.ours)
    theirs = partial(measure_import, comparison.theirs)
    for measure_once in (ours, theirs):
        measure_once()  # bytecode and disk cache
    yield from alternate(ours, theirs, rounds)
