"""`make bench-pages`: what the storefront's pages cost a phone, beside Vercel Commerce's.

Home, a category and a product of both are visited in turn, with the same 62 products, after one
visit each that does not count; and an empty page, which is what a visit costs at least. Compare
only inside one run, on a machine that does nothing else.
"""

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from benchmarks.storefronts import ours, table, theirs
from benchmarks.storefronts.edge import empty
from benchmarks.storefronts.phone import browser, visit
from benchmarks.storefronts.stub import ADDRESS
from shop.localaws import LocalAWSError

RUNS = 5
COMMERCE = ours.FOLDER / "commerce"
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOPPED = 130  # as a shell says of Ctrl-C


class Stopped(BaseException):
    """Somebody asked for the end; not an Exception, so that nothing on the way takes it."""


def on_signal(number: int, frame: FrameType | None) -> None:
    """End once and in order; asked again, the orderly end goes on."""
    for each in STOPS:
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.storefronts", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help=f"visits of each page ({RUNS})")
    parser.add_argument("--alone", action="store_true", help="ours, and nothing beside it")
    parser.add_argument(
        "--shop", metavar="ADDRESS", help="of a shop that runs; its environment has to be set"
    )
    parser.add_argument(
        "--commerce",
        type=Path,
        default=COMMERCE,
        metavar="FOLDER",
        help=f"Vercel Commerce, built; its Shopify {ADDRESS} (default .local/storefronts/commerce)",
    )
    return parser.parse_args()


def sites(running: ExitStack, asked: argparse.Namespace) -> Iterator[tuple[str, str, str]]:
    """What is visited: page, site, address. `running` stops it all."""
    home = running.enter_context(ours.our_site(asked.shop))
    yield from ((page, table.OURS, home + path) for page, path in ours.PATHS.items())
    if not asked.alone:
        try:
            other = running.enter_context(theirs.their_site(asked.commerce))
        except theirs.NotThere as reason:
            print(f"SKIPPED: nothing stands beside ours in this run. {reason}", file=sys.stderr)
        else:
            print(f"Beside Vercel Commerce {theirs.version_of(asked.commerce)}", flush=True)
            yield from ((page, table.THEIRS, other + path) for page, path in theirs.PATHS.items())
    yield "empty", "floor", running.enter_context(empty())


def measure(asked: argparse.Namespace) -> table.Visits:
    """All visits, by page and site; those of a page follow each other."""
    visits: table.Visits = {}
    with ExitStack() as running:
        found = list(sites(running, asked))
        found.sort(key=lambda each: [*ours.PATHS, "empty"].index(each[0]))
        phone = running.enter_context(browser())
        for number in range(asked.runs + 1):
            print(f"round {number} of {asked.runs}", file=sys.stderr, flush=True)
            for page, site, address in found:
                seen = visits.setdefault(page, {}).setdefault(site, [])
                made = visit(phone, address)
                if number:  # the first finds pictures that nobody has made smaller yet
                    seen.append(made)
    return visits


def main() -> int:
    asked = arguments()
    for each in STOPS:
        signal.signal(each, on_signal)
    try:
        visits = measure(asked)
    except Stopped:
        return STOPPED
    except LocalAWSError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(table.lines(visits)))
    print("\nLCP is of:")
    print("\n".join(table.largest(visits)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
