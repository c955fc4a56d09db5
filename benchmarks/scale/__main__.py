"""`make scale`: what gives way first, and a simulated sale at three loads.

From the measured units and milliseconds of `make cost`; see docs/scale.md. Prints tables, and
draws docs/images/scale-*.svg.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from benchmarks.cost.figures import load_figures
from benchmarks.scale.demand import Demand, demand_of
from benchmarks.scale.drawing import draw
from benchmarks.scale.limits import CODE, SETTINGS, SHIPPED, Setup, setup_of
from benchmarks.scale.simulation import Load, Moment, World

REMEDIES = {  # orders a minute, and what helps
    10.0: (SHIPPED,),
    1000.0: (SHIPPED, SETTINGS),
    50_000.0: (SHIPPED, SETTINGS, CODE),
}
QUIET, SALE, SECONDS = 60, 600, 3600  # before, while, and in all
TAIL = 600  # of them, whose orders may still be on their way
ROUNDING = 1e-6  # of an order
IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


@dataclass(frozen=True)
class Case:
    """One simulated sale."""

    load: float  # orders a minute
    hot: bool
    remedy: str

    @property
    def name(self) -> str:
        sold = "one hot SKU" if self.hot else "many SKUs"
        return f"{sold}, {self.remedy}"

    @property
    def setup(self) -> Setup:
        return setup_of(self.remedy, self.load)

    @property
    def demand(self) -> Demand:
        return demand_of(load_figures(), self.setup, hot=self.hot)


def sale(orders_a_minute: float) -> Load:
    """A tenth of the load, then all of it for ten minutes, then a tenth of it again."""
    rate = orders_a_minute / 60

    def load(second: int) -> float:
        return rate if QUIET <= second < QUIET + SALE else rate / 10

    return load


def cases() -> Iterator[Case]:
    """Of each load, what helps; many SKUs and one hot one are side by side in the pictures."""
    for load, remedies in REMEDIES.items():
        for remedy in remedies:
            yield from (Case(load, hot, remedy) for hot in (False, True))


def main() -> None:
    hot = [Case(50_000.0, hot=True, remedy=remedy) for remedy in (SHIPPED, SETTINGS, CODE)]
    print("\n\n".join(map(ceilings_text, hot)))
    chosen = list(cases())
    sales: dict[Case, list[Moment]] = {}
    with tqdm(total=len(chosen) * SECONDS, unit="s", desc="simulated", disable=None) as progress:
        for case in chosen:
            sales[case] = []
            for moment in World(case.setup, case.demand).run(sale(case.load), SECONDS):
                sales[case].append(moment)
                progress.update()
    print(f"\n{sales_text(sales)}")
    for load in REMEDIES:
        panels = [(case.name, moments) for case, moments in sales.items() if case.load == load]
        file = IMAGES / f"scale-{load:.0f}.svg"
        file.write_text(draw(f"{load:,.0f} orders a minute, for ten minutes", panels))


def sales_text(sales: dict[Case, list[Moment]]) -> str:
    names = ("acceptance", "confirmation", "mail", "at most")
    heads = [
        f"{'':<51}{'longest lag of':^42}{'dead letters':>14}",
        f"{'orders a minute':<16}{'case':<35}{''.join(f'{name:>14}' for name in names)}",
    ]
    return "\n".join([*heads, *(row(case, moments) for case, moments in sales.items())])


def ceilings_text(case: Case) -> str:
    heading = f"{case.load:,.0f} orders a minute, {case.name}: gives way at\n"
    rows = (
        f"  {60 * orders:>12,.0f} orders a minute  {name}"
        for name, orders in sorted(ceilings(case), key=lambda each: each[1])
    )
    return "\n".join([heading, *rows])


def ceilings(case: Case) -> Iterator[tuple[str, float]]:
    """Each thing that can give way, and the orders a second at which it does."""
    setup, demand = case.setup, case.demand
    yield "API Gateway's throttle of checkouts", setup.checkouts
    yield "API Gateway's throttle of the rest", setup.requests / demand.requests
    yield (
        "the function's processes",
        setup.reserved / (demand.buying_seconds + demand.processing_seconds),
    )
    yield "the queue's invocations", setup.mapping / demand.processing_seconds
    yield "mails", setup.mails
    for each in demand.constraints:
        yield each.name, each.orders


def row(case: Case, moments: list[Moment]) -> str:
    lags = [
        lag(moments, "wanted", "accepted"),
        lag(moments, "accepted", "confirmed"),
        lag(moments, "confirmed", "mailed"),
    ]
    told = "".join(f"{each:>14}" for each in map(duration, lags))
    dead = max(moment.dead for moment in moments)
    return f"{case.load:<16,.0f}{case.name:<35}{told}{dead:>14,.0f}"


def lag(moments: list[Moment], before: str, after: str) -> float | None:
    """Seconds until as many orders were `after` as had been `before`, at the most.

    None where that had not come by the end, but for the orders of the last ten minutes.
    """
    done = [float(getattr(moment, after)) for moment in moments]
    longest = reached = 0
    for moment in moments[:-TAIL]:
        due = float(getattr(moment, before)) - ROUNDING
        while reached < len(done) and done[reached] < due:
            reached += 1
        if reached == len(done):
            return None
        longest = max(longest, reached - moment.second)
    return longest


def duration(seconds: float | None) -> str:
    if seconds is None:
        return "not caught up"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


if __name__ == "__main__":
    main()
