"""What most tests of migrations begin with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import models

from tests.dynamodb.moving import Project, project
from tests.dynamodb.schema.mugs import MOMENT


@pytest.fixture
def moving(tables: None) -> Iterator[Project]:
    """A project with one model, two red rows of which one is sold, and a blue one."""
    with project() as made:
        made.create(
            "Mug",
            id=models.BigIntegerField(primary_key=True),
            name=models.CharField(max_length=20),
            sold=models.BooleanField(default=False),
            stock=models.IntegerField(default=0),
            made=models.DateTimeField(null=True),
        )
        mugs = made["Mug"].objects
        mugs.create(id=1, name="red", stock=5, made=MOMENT)
        mugs.create(id=2, name="red", stock=-1, sold=True)
        mugs.create(id=3, name="blue", stock=7)
        yield made
