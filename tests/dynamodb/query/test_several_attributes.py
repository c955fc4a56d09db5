"""Indexes with several attributes a key: what is asked of them, exactly, and what is read."""

from typing import Any

import pytest
from django.db import transaction

from dynamodb import bulk
from tests.dynamodb.app.models import Entry, Visit
from tests.dynamodb.engine import connection
from tests.dynamodb.guards import changed
from tests.dynamodb.sent import requests
from tests.dynamodb.visits import ROWS, asked, by_python, in_words, numbers

pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture
def visits(tables: None) -> None:
    """Two sites, of each three pages, five days, four hours."""
    bulk.load(Visit(**row) for row in ROWS)


S0 = Visit.objects.filter(site="S0")
HOME = S0.filter(page="home")
CASES: dict[str, tuple[Any, list[int], list[str]]] = {
    "the partition": (
        S0.order_by("page", "day", "hour"),
        by_python("page", "day", "hour", site=["S0"]),
        ["site_page_day: site = S0"],
    ),
    "the first of the sort key": (
        HOME.order_by("-day", "-hour")[:3],
        by_python("-day", "-hour", site=["S0"], page=["home"])[:3],
        ["3 of site_page_day: site = S0 AND page = home descending"],
    ),
    "equality, and a range": (
        HOME.filter(day__gt=1).order_by("day", "hour")[:2],
        by_python("day", "hour", site=["S0"], page=["home"], day=[2, 3, 4])[:2],
        ["2 of site_page_day: site = S0 AND page = home AND day > 1"],
    ),
    "two bounds": (
        HOME.filter(day__gte=1, day__lt=3).order_by("day", "hour"),
        by_python("day", "hour", site=["S0"], page=["home"], day=[1, 2]),
        ["site_page_day: site = S0 AND page = home AND day BETWEEN 1 AND 3"],
    ),
    "a bound from above alone": (
        HOME.filter(day__lte=1).order_by("-day", "-hour")[:1],
        by_python("-day", "-hour", site=["S0"], page=["home"], day=[0, 1])[:1],
        ["1 of site_page_day: site = S0 AND page = home AND day <= 1 descending"],
    ),
    "all of the sort key": (
        HOME.filter(day=2, hour__gte=2).order_by("hour"),
        by_python("hour", site=["S0"], page=["home"], day=[2], hour=[2, 3]),
        ["site_page_day: site = S0 AND page = home AND day = 2 AND hour >= 2"],
    ),
    "one left out": (
        HOME.filter(hour=3).order_by("day"),
        by_python("day", site=["S0"], page=["home"], hour=[3]),
        ["site_page_day: site = S0 AND page = home"],
    ),
    "nothing behind a range": (
        S0.filter(page__gt="home", day=1).order_by("page", "hour"),
        by_python("page", "hour", site=["S0"], page=["shop"], day=[1]),
        ["site_page_day: site = S0 AND page > home"],
    ),
    "a list ends it": (
        HOME.filter(day__in=[1, 4], hour=0).order_by("day"),
        by_python("day", site=["S0"], page=["home"], day=[1, 4], hour=[0]),
        ["site_page_day: site = S0 AND page = home"],
    ),
    "another direction": (
        HOME.order_by("-day", "hour")[:5],
        by_python("-day", "hour", site=["S0"], page=["home"])[:5],
        # Sorted here are the rows of a day, whose last shows when the next day's first comes.
        ["6 of site_page_day: site = S0 AND page = home descending",
         "24 of site_page_day: site = S0 AND page = home descending"],
    ),
    "rows that are equal in all of it": (
        HOME.order_by("day", "-number")[:4],
        by_python("day", "-number", site=["S0"], page=["home"])[:4],
        ["5 of site_page_day: site = S0 AND page = home"],
    ),
    "sorted here": (
        HOME.order_by("hour", "number")[:4],
        by_python("hour", "number", site=["S0"], page=["home"])[:4],
        ["site_page_day: site = S0 AND page = home"],
    ),
    "both of a partition": (
        S0.filter(country="at", page="shop", browser="fox").order_by("day", "hour", "number"),
        by_python(
            "day", "hour", "number", site=["S0"], country=["at"], page=["shop"], browser=["fox"]
        ),
        ["site_page_day: site = S0 AND page = shop"],  # the other one lacks the browser
    ),
    "a projection": (
        S0.filter(country="at", day=3).order_by("-hour", "number").values("number", "page"),
        by_python("-hour", "number", site=["S0"], country=["at"], day=[3]),
        ["site_country: site = S0 AND country = at AND day = 3 descending"],
    ),
    "up to what may be NULL": (
        Visit.objects.filter(country="at", day=4, browser="fox").order_by("number"),
        by_python(country=["at"], day=[4], browser=["fox"]),
        ["country_day: country = at AND day = 4"],
    ),
    "a condition's value": (
        S0.filter(browser="fox", day=2).order_by("hour", "-number"),
        by_python("hour", "-number", site=["S0"], day=[2], browser=["fox"]),
        ["of_fox: _of_fox = S0 AND day = 2"],
    ),
    "another value than the condition's": (
        S0.filter(browser="ice").order_by("-day", "-hour", "number"),
        by_python("-day", "-hour", "number", site=["S0"], browser=["ice"]),
        ["site_page_day: site = S0"],
    ),
    "a condition": (
        Visit.objects.filter(country="at", hour=1, browser__gt="fox").order_by("browser", "day"),
        by_python("browser", "day", country=["at"], hour=[1], browser=["ice"]),
        ["of_browser: _of_browser = at AND hour = 1 AND browser > fox"],
    ),
}  # fmt: skip


@pytest.mark.usefixtures("visits")
@pytest.mark.parametrize("case", CASES)
def test_what_is_asked(case: str) -> None:
    queryset, expected, calls = CASES[case]
    assert expected
    wanted = queryset.values_list("number", flat=True) if case != "a projection" else queryset
    found, sent = asked(lambda: list(wanted))
    assert ([row["number"] for row in found] if case == "a projection" else found) == expected
    assert sent == calls


@pytest.mark.usefixtures("visits")
@pytest.mark.parametrize("descending", [False, True])
def test_partitions_of_a_list_are_merged(descending: bool) -> None:
    """By all columns of the sort key that the order follows, some rows of each."""
    order = ["-day", "-hour", "number"] if descending else ["day", "hour", "number"]
    both = Visit.objects.filter(site="S1", country__in=["at", "de", "fr"])
    found, sent = asked(lambda: list(both.order_by(*order).values_list("number")[:4]))
    assert [number for (number,) in found] == by_python(*order, site=["S1"])[:4]
    end = " descending" if descending else ""
    first = [f"site_country: site = S1 AND country = {each}{end}" for each in ("at", "de", "fr")]
    # All that were wanted are of one: it is read on, until a row comes that is not like the last.
    assert sent == [*(f"4 of {query}" for query in first), f"16 of {first[1]}"]


@pytest.mark.usefixtures("visits")
def test_two_lists_are_pairs_sorted_here() -> None:
    found, sent = asked(
        lambda: list(
            Visit.objects.filter(site__in=["S0", "S1"], country__in=["at", "de"], day=1)
            .order_by("hour", "number")
            .values_list("number")
        )
    )
    assert [number for (number,) in found] == by_python("hour", "number", day=[1])
    assert sorted(sent) == [
        f"site_country: site = {site} AND country = {country} AND day = 1"
        for site in ("S0", "S1")
        for country in ("at", "de")
    ]


@pytest.mark.usefixtures("visits")
def test_a_list_of_the_first_column() -> None:
    sites = Visit.objects.filter(site__in=["S0", "S1"], page="shop")
    found, sent = asked(lambda: numbers(sites.order_by("-day", "-hour", "number")[:3]))
    assert found == by_python("-day", "-hour", "number", page=["shop"])[:3]
    assert sent == [
        "4 of site_page_day: site = S0 AND page = shop descending",
        "4 of site_page_day: site = S1 AND page = shop descending",
    ]


@pytest.mark.usefixtures("visits")
@pytest.mark.parametrize(
    ("queryset", "expected", "calls"),
    [(HOME.filter(day=2), 4, ["site_page_day: site = S0 AND page = home AND day = 2"]),
     (HOME, 20, ["site_page_day: site = S0 AND page = home"]),
     (S0.filter(country="de"), 24, ["site_country: site = S0 AND country = de"]),
     (HOME.filter(day__gt=2), 8, ["site_page_day: site = S0 AND page = home AND day > 2"])],
)  # fmt: skip
def test_counts(queryset: Any, expected: int, calls: list[str]) -> None:
    """By DynamoDB where the key alone decides: no row is sent."""
    with requests() as sent:
        assert queryset.count() == expected
    assert [in_words(*each) for each in sent] == calls
    assert [params.get("Select") for _, params in sent] == (
        [None] if "day >" in calls[0] else ["COUNT"]
    )


@pytest.mark.usefixtures("visits")
def test_inside_a_transaction() -> None:
    """What it has written stands where the order of all columns wants it."""
    with transaction.atomic():
        Visit.objects.create(number=500, site="S0", page="home", day=2, hour=9)
        Visit.objects.create(number=501, site="S0", page="about", day=9, hour=9)
        Visit.objects.filter(
            number=by_python("day", "hour", site=["S0"], page=["home"])[0]
        ).delete()
        expected = by_python("day", "hour", site=["S0"], page=["home"])[1:]
        assert numbers(HOME.order_by("day", "hour")) == [*expected[:11], 500, *expected[11:]]
        assert numbers(HOME.filter(day=2).order_by("-hour")[:2]) == [500, expected[10]]
        assert HOME.filter(day=2).count() == 5
        assert numbers(S0.filter(page="about").order_by("-day")[:1]) == [501]
        Visit.objects.create(number=502, site="S2", country="at", hour=9)
        Visit.objects.create(number=503, site="S2", country="at", hour=9, browser="fox")
        of_hour = Visit.objects.filter(country="at", hour=9, browser__isnull=False)
        assert numbers(of_hour.order_by("browser", "day")) == [503]  # the other has no browser
        transaction.set_rollback(True)


def test_an_empty_text_is_in_the_index() -> None:
    """DynamoDB takes no empty text in a key."""
    for number, page in enumerate(("", "a", "\x00")):
        Visit.objects.create(number=number, page=page, day=number)
    pages = Visit.objects.filter(site="S").order_by("page").values_list("page", flat=True)
    found, sent = asked(lambda: list(pages))
    assert (found, sent) == (["", "\x00", "a"], ["site_page_day: site = S"])
    assert numbers(Visit.objects.filter(site="S", page="", day__lt=5)) == [0]


def test_a_value_that_no_key_can_have_asks_nothing() -> None:
    found, sent = asked(lambda: numbers(Visit.objects.filter(site="S", page="x" * 1025, day__gt=0)))
    assert (found, sent) == ([], [])
    found, sent = asked(lambda: numbers(Visit.objects.filter(site="S", country="x" * 2049, day=0)))
    assert (found, sent) == ([], [])


def test_explain_says_so() -> None:
    table = f"engine_visit: Query {connection.table_prefix}engine_visit"
    assert HOME.filter(day__gt=1, day__lt=4).order_by("-day").explain() == (
        f"{table} site_page_day: site = page = day >, < descending"
    )
    found = Visit.objects.filter(site="S0", country__in=["at", "de"], day=1).values("page")
    assert found.explain() == f"{table} site_country: site = country = each of several day ="


@pytest.mark.usefixtures("visits")
def test_rows_are_found_without_the_index() -> None:
    """Code before its migration: by another index that begins like it, else by a Scan."""

    def without(operation: str, params: dict[str, Any]) -> dict[str, Any]:
        missing = params.get("IndexName") == "site_country"
        return {**params, "IndexName": "no_such"} if missing else params

    of_day = (
        S0.filter(country="at", day=3).order_by("-hour", "number").values_list("number", "page")
    )
    expected = list(of_day)
    assert len(expected) == 4
    with changed(without):
        found, sent = asked(lambda: list(of_day.all()))
    assert found == expected
    assert sent == [
        "site_country: site = S0 AND country = at AND day = 3 descending",
        "site_page_day: site = S0",
    ]


def test_an_index_of_a_longer_partition_does_not_stand_in() -> None:
    """`name_flag` wants a flag, too."""
    Entry.objects.create(id=1, group=2, name="a", amount=0)

    def without(operation: str, params: dict[str, Any]) -> dict[str, Any]:
        missing = params.get("IndexName") == "name_group"
        return {**params, "IndexName": "no_such"} if missing else params

    with changed(without):
        found, sent = asked(lambda: [entry.pk for entry in Entry.objects.filter(name="a")])
    assert (found, sent) == ([1], ["name_group: name = a", "Scan"])
