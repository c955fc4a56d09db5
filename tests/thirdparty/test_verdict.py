"""What counts as working as on SQLite, on made-up answers."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.http import HttpResponse

from tests.thirdparty.apps import APPS
from tests.thirdparty.environment import versions
from tests.thirdparty.operations import answer_of, page
from tests.thirdparty.run import reasons, row
from tests.thirdparty.verdict import Difference, Verdict, judge, read_known

SQLITE = {"migrate": "migrated", "add": [1, "red"], "move": [2]}


def verdict(engine: Mapping[str, Any], **known: str) -> Verdict:
    return judge("django-trees", "1.0", SQLITE, engine, known)


def test_the_same() -> None:
    found = verdict(SQLITE)

    assert (found.operations, found.same, found.differences, found.holds) == (3, 3, (), True)


def test_a_difference() -> None:
    found = verdict({**SQLITE, "move": [3]})

    assert found.differences == (Difference("move", [2], [3], ""),)
    assert (found.same, found.holds) == (2, False)


def test_a_difference_that_is_known() -> None:
    found = verdict({**SQLITE, "move": [3]}, move="over 100 rows")

    assert (found.differences[0].reason, found.holds) == ("over 100 rows", True)


def test_a_difference_that_is_known_and_is_none() -> None:
    found = verdict(SQLITE, move="over 100 rows")

    assert (found.unneeded, found.holds) == (("move",), False)


def test_operations_that_were_not_reached() -> None:
    failed = {"migrate": {"raises": "KeyError: 'id'"}}
    found = verdict(failed, migrate="no key", rest="not reached")

    assert [(each.operation, each.reason) for each in found.differences] == [
        ("migrate", "no key"), ("add", "not reached"), ("move", "not reached"),
    ]  # fmt: skip
    assert (found.same, found.holds) == (0, True)
    assert verdict(failed, migrate="no key").holds is False


def test_an_operation_that_fails_on_both_says_nothing() -> None:
    raised = {"add": {"raises": "ValueError: wrong"}}
    found = judge("django-trees", "1.0", raised, raised, {})

    assert (found.same, found.broken, found.holds) == (1, ("add",), False)


def test_no_answers_at_all() -> None:
    assert judge("django-trees", "1.0", {}, {}, {}).holds is False


def test_the_row_of_the_table() -> None:
    found = verdict({**SQLITE, "add": 0, "move": 0}, add="too large", move="too large")

    assert row(found) == "| django-trees | 1.0 | 3 | 1 | `add`, `move`: too large |"


def test_many_with_one_reason_are_counted() -> None:
    differences = tuple(Difference(f"step{n}", 0, 1, "why") for n in range(4))

    assert reasons(differences) == "4 operations: why"


def test_what_raises_is_an_answer() -> None:
    assert answer_of(lambda: 1 // 0) == {
        "raises": "ZeroDivisionError: integer division or modulo by zero"
    }


def test_what_a_reader_sees_of_a_page() -> None:
    """Without keys, times and markup."""
    text = (
        "<style>p {}</style><p>Mug&nbsp;&amp; 376037194139943</p><!-- x --> on Nov. 28, 2026, "
        "1:24 p.m., <b>2026-11-28 13:24:05.5+00:00</b> 12 pieces<script>let a</script>"
    )
    response = HttpResponse(text, status=302, headers={"Location": "http://testserver/mug/17/?p=1"})

    assert page(response) == [302, "/mug/N/", "Mug & N on DATE, TIME 12 pieces"]


@pytest.mark.parametrize("distribution", APPS.values())
def test_each_app_is_pinned(distribution: str) -> None:
    assert versions()[distribution]


def test_only_apps_that_there_are_differ() -> None:
    assert read_known().keys() <= APPS.keys()
