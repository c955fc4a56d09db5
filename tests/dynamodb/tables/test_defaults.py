"""Defaults that the database has of columns that an INSERT leaves out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import models
from django.db.models.functions import Now

from tests.dynamodb.moving import Project, project

pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture
def moving(tables: None) -> Iterator[Project]:
    """A project with one model, a default in each of its columns."""
    with project() as made:
        made.create(
            "Mug",
            made=models.DateTimeField(primary_key=True, db_default=Now()),
            stock=models.IntegerField(db_default=models.Value(7)),
        )
        yield made


def test_computed_ones_are_returned_and_stored(moving: Project) -> None:
    mug = moving["Mug"].objects.create()

    assert abs(mug.made - datetime.now(UTC)) < timedelta(minutes=1)
    assert moving["Mug"].objects.values_list("made", "stock").get() == (mug.made, 7)


def test_in_bulk_some_rows_have_their_own(moving: Project) -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    mugs = [moving["Mug"](made=noon, stock=1), moving["Mug"](made=noon + timedelta(1))]

    moving["Mug"].objects.bulk_create(mugs)

    assert list(moving["Mug"].objects.order_by("made").values_list("stock", flat=True)) == [1, 7]
