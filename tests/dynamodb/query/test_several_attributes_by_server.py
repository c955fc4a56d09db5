"""Indexes with several attributes a key, on each server there is."""

import pytest

from dynamodb import bulk
from tests.dynamodb.app.models import Visit
from tests.dynamodb.moving import keys_of
from tests.dynamodb.query.test_several_attributes import CASES
from tests.dynamodb.servers import PRETENDING
from tests.dynamodb.visits import ROWS

KEYS = {
    "site_page_day": "site/page day hour",
    "site_country": "site country/day hour",
    "country_day": "country/day",
    "of_fox": "_of_fox/day hour",
    "of_browser": "_of_browser/hour browser day",
}


def test_the_keys(request: pytest.FixtureRequest, server: str) -> None:
    """A nullable column ends the key, unless the index's condition says that it is not NULL."""
    if request.node.callspec.params["server"] in PRETENDING:
        pytest.skip("dynoxide is not tried with several attributes a key: it keeps one of each.")
    assert keys_of("engine_visit") == KEYS


@pytest.mark.parametrize("case", CASES)
def test_answers_are_the_same_on_each_server(case: str, server: str) -> None:
    """With two columns a key, too, where a server knows no more."""
    bulk.load(Visit(**row) for row in ROWS)
    queryset, expected, _ = CASES[case]
    assert [row["number"] for row in queryset.values("number", "page")] == expected
