"""`make cost ARGS='--orders 1000 --visits 50000'`: what the shop costs on AWS in a month.

From measured units and milliseconds, assumed habits and AWS's list prices; see docs/cost.md.
"""

import argparse
import json
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from benchmarks.cost.bill import Line, Month, billed, carries, list_price, make_bill
from benchmarks.cost.figures import MEASURED, Step, load_figures
from benchmarks.cost.habits import HABITS, MACHINE, Habits
from benchmarks.cost.prices import (
    ALLOWANCES_PAGE,
    COMPUTE,
    INVOCATIONS,
    NOTED,
    READS,
    REGION,
    WRITES,
)
from benchmarks.cost.stack import count_stack
from infrastructure.plans import PAY_AS_YOU_GO, PLANS

TIMES = 30  # journeys of a measurement
IDLE = Month(orders=0, visits=0)
NAMES = (PAY_AS_YOU_GO, *PLANS)
EDITS = 100.0  # products saved a month
PAGE = (
    IDLE,
    Month(100, 5_000, EDITS),
    Month(1_000, 50_000, EDITS),
    Month(30_000, 1_000_000, EDITS),
    Month(300_000, 10_000_000, EDITS),
)  # the months of docs/cost.md


def main() -> None:
    options = parse_arguments()
    if options.measure:
        measure_anew()
    if options.page:
        print("\n".join(page_row(month) for month in PAGE))
        print("\n".join(map(step_row, load_figures().steps.values())))
        return
    month = IDLE if options.idle else Month(options.orders, options.visits, options.edits)
    habits = replace(HABITS, cached=options.cached)
    print(report(month, habits, options.plan or cheapest(month, habits)))


def bill(month: Month, habits: Habits, plan: str) -> list[Line]:
    return make_bill(month, load_figures(), count_stack(plan), habits)


def cheapest(month: Month, habits: Habits) -> str:
    """The way of paying for CloudFront that costs least, of those that carry the month."""
    able = [name for name in NAMES if carries(name, month, load_figures(), habits)]
    return min(able, key=lambda name: billed(bill(month, habits, name)))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make cost", description=__doc__)
    parser.add_argument("--orders", type=float, default=1000, help="a month (1000)")
    parser.add_argument("--visits", type=float, default=50_000, help="a month (50000)")
    parser.add_argument("--edits", type=float, default=EDITS, help="products saved a month (100)")
    parser.add_argument(
        "--cached", type=float, default=HABITS.cached, help="share that CloudFront answers (0.5)"
    )
    parser.add_argument(
        "--plan", choices=NAMES, help="CloudFront's; the cheapest that carries the month"
    )
    parser.add_argument("--idle", action="store_true", help="nobody visits, nobody buys")
    parser.add_argument("--page", action="store_true", help="the rows of docs/cost.md")
    parser.add_argument("--measure", action="store_true", help="measure anew first, a minute")
    return parser.parse_args()


def measure_anew() -> None:
    from benchmarks.cost.measuring import measure
    from shop.localaws import LocalAWS

    with LocalAWS() as aws:
        MEASURED.write_text(json.dumps(measure(aws.endpoint, TIMES), indent=1) + "\n")


def report(month: Month, habits: Habits, plan: str) -> str:
    """The bill in full, in words, and what other plans would make of it."""
    lines, idle = bill(month, habits, plan), bill(IDLE, habits, plan)
    heading = f"US dollars a month, {REGION}, list prices noted {NOTED}, no tax; plan {plan}"
    sums = [
        ("", "billed", "list price"),
        ("a month", *both(lines)),
        ("of that when nobody comes", *both(idle)),
    ]
    if month.orders:
        shares = (billed(lines) / month.orders, list_price(lines) / month.orders)
        sums.append(("an order, all shared out", f"{shares[0]:.4f}", f"{shares[1]:.4f}"))
    last = "\n".join(f"{name:<38}{paid:>14}{listed:>14}" for name, paid, listed in sums)
    less = f"billed: list prices less what AWS takes off each month without end, {ALLOWANCES_PAGE}"
    return f"{heading}\n\n{table(lines)}\n\n{last}\n\n{plans(month, habits)}\n\n{less}"


def page_row(month: Month) -> str:
    """By use, and by the smallest plan that carries the month: billed, and at list prices."""
    plan = next(name for name in PLANS if carries(name, month, load_figures()))
    sums = [
        f"{total(bill(month, HABITS, name)):,.2f}"
        for name in (PAY_AS_YOU_GO, plan)
        for total in (billed, list_price)
    ]
    cells = (f"{month.orders:,.0f}", f"{month.visits:,.0f}", *sums[:2], plan, *sums[2:])
    return f"| {' | '.join(cells)} |"


def step_row(step: Step) -> str:
    """What a step costs: DynamoDB's calls and units, Lambda's time, and dollars of both."""
    billed_ms = step.billed_ms()
    seconds = billed_ms / 1000 * MACHINE.memory / 1024
    usd = sum(
        price.of(quantity)
        for price, quantity in (
            (WRITES, step.writes), (READS, step.reads), (INVOCATIONS, 1), (COMPUTE, seconds)
        )
    )  # fmt: skip
    cells = (
        step.name, f"{sum(step.calls.values())}", f"{step.reads:g}", f"{step.writes:g}",
        f"{step.cpu_ms:.1f}", f"{billed_ms:.0f}", f"{usd * 1e6:.1f}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def both(lines: list[Line]) -> tuple[str, str]:
    return f"{billed(lines):.2f}", f"{list_price(lines):.2f}"


def plans(month: Month, habits: Habits) -> str:
    """A line each; a plan that does not carry the month says so."""
    rows = []
    for name in NAMES:
        paid, listed = both(bill(month, habits, name))
        if not carries(name, month, load_figures(), habits):
            paid, listed = "too small", ""
        logs = "" if name not in PLANS or PLANS[name].logs else "no logs of requests at the edge"
        rows.append(f"{f'  {name}':<38}{paid:>14}{listed:>14}  {logs}".rstrip())
    return "\n".join(["CloudFront's plans", *rows])


def table(lines: Iterable[Line]) -> str:
    """By service: each line with quantity and dollars, and the service's sum."""
    rows = []
    for service, group in groupby(sorted(lines, key=lambda line: line.service), by_service):
        of_service = list(group)
        rows.append(f"{service:<58}{list_price(of_service):>10.2f}")
        rows += [
            f"  {line.what:<24}{line.quantity:>16,.1f} {line.price.unit:<12}{line.usd:>10.2f}"
            for line in of_service
        ]
    return "\n".join(rows)


def by_service(line: Line) -> str:
    return line.service


if __name__ == "__main__":
    main()
