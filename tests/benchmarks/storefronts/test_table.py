"""Medians, ratios and the elements that LCP means."""

from benchmarks.storefronts.phone import Visit
from benchmarks.storefronts.table import largest, lines, medians, ratio


def visit(task: float, largest: str = "img a.webp", **other: float) -> Visit:
    figures = {"kB": 40.04, "FCP": 500, "LCP": 600, "CLS": 0, "task": task, "blocking": 0}
    return Visit(figures | other, largest)


def test_each_figure_has_its_own_median() -> None:
    visits = [visit(700, LCP=500), visit(100, LCP=900), visit(300, LCP=600)]

    assert medians(visits) == {
        "kB": 40.04,
        "FCP": 500,
        "LCP": 600,
        "CLS": 0,
        "task": 300,
        "blocking": 0,
    }


def test_a_ratio_to_nothing_is_none() -> None:
    assert ratio(300, 600) == 0.5
    assert ratio(0, 0) is None


def test_the_table_has_both_and_their_ratio_and_the_floor() -> None:
    visits = {
        "home": {"ours": [visit(300)], "theirs": [visit(600, kB=400.4, CLS=0.007)]},
        "empty": {"floor": [visit(100)]},
    }

    assert list(lines(visits)) == [
        "page      site              kB       FCP       LCP       CLS      task  blocking",
        "home      ours            40.0       500       600     0.000       300         0",
        "home      theirs         400.4       500       600     0.007       600         0",
        "home      ratio           0.10      1.00      1.00      0.00      0.50         -",
        "empty     floor           40.0       500       600     0.000       100         0",
    ]


def test_the_element_is_the_one_of_most_visits() -> None:
    visits = {"home": {"ours": [visit(1, "h1 Hello"), visit(1), visit(1)]}}

    assert list(largest(visits)) == ["home      ours      img a.webp"]
