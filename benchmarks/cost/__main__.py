"""`make cost ARGS='--orders 1000 --visits 50000'`: what the shop costs on AWS in a month.

From measured units and milliseconds, assumed habits and AWS's list prices; see docs/cost.md.
"""

import argparse
import json
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from benchmarks.cost.bill import Line, Month, make_bill
from benchmarks.cost.figures import MEASURED, load_figures
from benchmarks.cost.habits import HABITS
from benchmarks.cost.prices import NOTED, REGION
from benchmarks.cost.stack import count_stack

TIMES = 30  # journeys of a measurement


def main() -> None:
    options = parse_arguments()
    if options.measure:
        measure_anew()
    idle = Month(orders=0, visits=0)
    month = idle if options.idle else Month(options.orders, options.visits, options.edits)
    habits = replace(HABITS, cached=options.cached)
    lines = make_bill(month, load_figures(), count_stack(), habits)
    fixed = total(make_bill(idle, load_figures(), count_stack(), habits))
    print(report(lines, fixed, month.orders))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make cost", description=__doc__)
    parser.add_argument("--orders", type=float, default=1000, help="a month (1000)")
    parser.add_argument("--visits", type=float, default=50_000, help="a month (50000)")
    parser.add_argument("--edits", type=float, default=100, help="products saved a month (100)")
    parser.add_argument(
        "--cached", type=float, default=HABITS.cached, help="share that CloudFront answers (0.5)"
    )
    parser.add_argument("--idle", action="store_true", help="nobody visits, nobody buys")
    parser.add_argument("--measure", action="store_true", help="measure anew first, a minute")
    return parser.parse_args()


def measure_anew() -> None:
    from benchmarks.cost.measuring import measure
    from shop.localaws import LocalAWS

    with LocalAWS() as aws:
        MEASURED.write_text(json.dumps(measure(aws.endpoint, TIMES), indent=1) + "\n")


def report(lines: list[Line], fixed: float, orders: float) -> str:
    """The bill in full, in words; `fixed` is what it would be if nobody came."""
    heading = f"US dollars a month, {REGION}, list prices noted {NOTED}, no free allowance, no tax"
    sums = [("a month", f"{total(lines):.2f}"), ("of that when nobody comes", f"{fixed:.2f}")]
    if orders:
        sums += [
            ("an order, all shared out", f"{total(lines) / orders:.4f}"),
            ("an order, beyond what idling costs", f"{(total(lines) - fixed) / orders:.4f}"),
        ]
    last = "\n".join(f"{name:<58}{usd:>10}" for name, usd in sums)
    return f"{heading}\n\n{table(lines)}\n\n{last}"


def total(lines: Iterable[Line]) -> float:
    return sum(line.usd for line in lines)


def table(lines: Iterable[Line]) -> str:
    """By service: each line with quantity and dollars, and the service's sum."""
    rows = []
    for service, group in groupby(sorted(lines, key=lambda line: line.service), by_service):
        of_service = list(group)
        rows.append(f"{service:<58}{total(of_service):>10.2f}")
        rows += [
            f"  {line.what:<24}{line.quantity:>16,.1f} {line.price.unit:<12}{line.usd:>10.2f}"
            for line in of_service
        ]
    return "\n".join(rows)


def by_service(line: Line) -> str:
    return line.service


if __name__ == "__main__":
    main()
