"""Random rows and questions give what Django gives on plain SQLite."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dynamodb.query import planner
from tests.dynamodb.app.models import Entry
from tests.dynamodb.engine import connection
from tests.dynamodb.plain import plain_sqlite
from tests.dynamodb.questions import QUESTIONS, ROWS, STEPS, Ask, Block, Question

pytestmark = pytest.mark.usefixtures("tables")

EXAMPLES = int(os.environ.get("ENGINE_EXAMPLES", "0"))  # more, and other ones, when set


def bounded(examples: int) -> settings:
    """The same examples in every run, unless another number is asked for."""
    return settings(
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        max_examples=EXAMPLES or examples,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def plain(tables: None) -> Iterator[str]:
    with plain_sqlite() as alias:
        yield alias


def fill(alias: str, rows: list[dict[str, Any]]) -> None:
    """The rows and no others; every third is the child of the one before it."""
    if alias == "default":
        connection.control.empty(Entry._meta.db_table)
    else:
        Entry.objects.using(alias).all()._raw_delete(alias)
    parents = [rows[n - 1]["id"] if n % 3 == 2 else None for n in range(len(rows))]
    Entry.objects.using(alias).bulk_create(
        Entry(**row, parent_id=parent) for row, parent in zip(rows, parents, strict=True)
    )


def same(plain: str, rows: list[dict[str, Any]], steps: list[Any]) -> None:
    """Both databases answer each step alike, and hold the same rows at the end."""
    outcomes = {}
    for alias in (plain, "default"):
        fill(alias, rows)
        outcomes[alias] = [step.run(Entry.objects.using(alias)) for step in (*steps, ALL)]
    assert outcomes["default"] == outcomes[plain]


ALL = Ask(Question((), (), [], None, "rows"))


@bounded(40)
@given(rows=ROWS, questions=st.lists(QUESTIONS, min_size=9, max_size=9))
def test_questions_about_stored_rows(
    plain: str, rows: list[Any], questions: list[Question]
) -> None:
    same(plain, rows, [Ask(question) for question in questions])


@bounded(30)
@given(rows=ROWS, steps=STEPS)
def test_changes_one_by_one(plain: str, rows: list[Any], steps: list[Any]) -> None:
    same(plain, rows, steps)


@bounded(30)
@given(rows=ROWS, steps=STEPS)
def test_changes_in_one_transaction(plain: str, rows: list[Any], steps: list[Any]) -> None:
    same(plain, rows, [Block(steps, kept=True)])


def test_a_planner_that_loses_rows_is_found_out(
    plain: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guard out: an index is used although rows without its sort key are not in it."""
    monkeypatch.setattr(
        planner, "usable",
        lambda table, index, offer: all(column in offer.equal for column in index.partition),
    )  # fmt: skip

    @settings(bounded(60), phases=[Phase.generate])
    @given(rows=ROWS, questions=st.lists(QUESTIONS, min_size=9, max_size=9))
    def compare(rows: list[Any], questions: list[Question]) -> None:
        same(plain, rows, [Ask(question) for question in questions])

    with pytest.raises(AssertionError):
        compare()
