"""Medians of visits, and ours beside theirs."""

from collections.abc import Iterator, Sequence
from statistics import median, multimode

from benchmarks.storefronts.phone import Visit

Figures = dict[str, float]
#: By page, then by site.
Visits = dict[str, dict[str, list[Visit]]]
OURS, THEIRS = "ours", "theirs"
NAMES = ("kB", "FCP", "LCP", "CLS", "task", "blocking")
DIGITS = {"CLS": 3, "kB": 1}
NAMED, WIDE = 10, 10  # characters of a column


def medians(visits: Sequence[Visit]) -> Figures:
    return {name: median(each.figures[name] for each in visits) for name in NAMES}


def ratio(ours: float, theirs: float) -> float | None:
    """None where theirs is nothing."""
    return ours / theirs if theirs else None


def lines(visits: Visits) -> Iterator[str]:
    """The table; kB of 1,000 bytes, the rest but CLS in milliseconds."""
    yield row("page", "site", NAMES)
    for page, sites in visits.items():
        found = {site: medians(each) for site, each in sites.items()}
        for site, figures in found.items():
            yield row(page, site, [f"{figures[name]:.{DIGITS.get(name, 0)}f}" for name in NAMES])
        if {OURS, THEIRS} <= found.keys():
            both = (ratio(found[OURS][name], found[THEIRS][name]) for name in NAMES)
            yield row(page, "ratio", ["-" if each is None else f"{each:.2f}" for each in both])


def row(page: str, site: str, cells: Sequence[str]) -> str:
    return f"{page:<{NAMED}}{site:<{NAMED}}" + "".join(f"{each:>{WIDE}}" for each in cells)


def largest(visits: Visits) -> Iterator[str]:
    """Which element LCP means, most often."""
    for page, sites in visits.items():
        for site, each in sites.items():
            yield f"{page:<{NAMED}}{site:<{NAMED}}{multimode(one.largest for one in each)[0]}"
