"""A field with `db_collation`: SQLite compares by it, DynamoDB's keys and indexes do not."""

from typing import Any

import pytest
from django.db import models
from django.db.migrations import operations as ops
from django.db.models import Index, UniqueConstraint
from django.db.models.functions import Lower
from django.db.utils import IntegrityError, NotSupportedError

from tests.dynamodb.moving import Project, project
from tests.dynamodb.sent import read_by

pytestmark = pytest.mark.usefixtures("tables")


def create(moving: Project, *constraints: Any, **options: Any) -> Any:
    """The table of a model whose name is compared without regard to case; the model."""
    fields: list[tuple[str, Any]] = [
        ("id", models.IntegerField(primary_key=True)),
        ("name", models.CharField(max_length=9, db_collation="nocase", **options)),
        ("shelf", models.CharField(max_length=9, default="A")),
    ]
    indexes = [Index(fields=["name"], name="by_name"), Index(fields=["shelf", "name"], name="both")]
    moving.run(
        ops.CreateModel("Mug", fields, {"indexes": indexes, "constraints": list(constraints)})
    )
    return moving["Mug"]


def test_it_is_compared_and_sorted_by_it() -> None:
    with project() as moving:
        mugs = create(moving).objects
        for n, name in enumerate(["b", "A", "a", "C"]):
            mugs.create(id=n, name=name)

        found, calls = read_by(lambda: sorted(mugs.filter(name="A").values_list("id", flat=True)))
        assert (found, calls) == ([1, 2], [("Scan", None)])
        in_order = mugs.filter(shelf="A").order_by("name", "id").values_list("id", flat=True)
        assert read_by(lambda: list(in_order)) == ([1, 2, 0, 3], [("Query", "both")])
        assert mugs.filter(pk=1, name="a").update(shelf="B") == 1


def test_unique_values_cannot_have_one() -> None:
    with project() as moving, pytest.raises(NotSupportedError, match="UniqueConstraint on Lower"):
        create(moving, unique=True)


def test_what_is_said_to_do_instead_works() -> None:
    with project() as moving:
        mugs = create(moving, UniqueConstraint(Lower("name"), name="one_of_a_name")).objects
        mugs.create(id=1, name="a")
        with pytest.raises(IntegrityError):
            mugs.create(id=2, name="A")
