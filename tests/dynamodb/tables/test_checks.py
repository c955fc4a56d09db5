"""CHECK constraints compare as columns do, whatever type their values come in."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, models
from django.db.migrations import operations as ops
from django.db.models import CheckConstraint, F, Q

from tests.dynamodb.moving import Project, project

pytestmark = pytest.mark.usefixtures("tables")

CHECKS = {
    "from_nine": Q(price__gte=9),
    "wide_from_nine": Q(wide__gte=9),
    "wide_over_price": Q(wide__gt=F("price")),
    "size_from_nine": Q(size__gte="9"),
    "name_from_nine": Q(name__gte="9"),
}


@pytest.fixture
def mugs(tables: None) -> Iterator[Any]:
    """Rows that a migration's model makes, with all the constraints."""
    constraints = [CheckConstraint(condition=check, name=name) for name, check in CHECKS.items()]
    with project() as moving:
        moving.run(creation(constraints))
        yield lambda **values: make(moving, values)


def creation(constraints: Any) -> ops.CreateModel:
    return ops.CreateModel(
        "Mug",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("price", models.DecimalField(max_digits=6, decimal_places=2)),
            ("wide", models.DecimalField(max_digits=38, decimal_places=10)),
            ("size", models.FloatField()),
            ("name", models.CharField(max_length=20)),
        ],
        options={"constraints": constraints},
    )


def make(moving: Project, values: dict[str, Any]) -> Any:
    good = {"price": Decimal(9), "wide": Decimal("10"), "size": 9.0, "name": "9"}
    return moving["Mug"].objects.create(**{**good, **values})


def test_what_meets_them(mugs: Any) -> None:
    mugs()
    mugs(price=Decimal("100.5"), wide=Decimal("12345678901234567890.5"), size=10.0, name="a")


@pytest.mark.parametrize(
    ("check", "values"),
    [
        ("from_nine", {"price": Decimal("8.99")}),
        ("wide_from_nine", {"wide": Decimal("-10")}),
        ("wide_over_price", {"wide": Decimal("100"), "price": Decimal("100.01")}),
        ("size_from_nine", {"size": 8.5}),
        ("name_from_nine", {"name": "10"}),
    ],
)
def test_what_does_not(mugs: Any, check: str, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=f"CHECK constraint failed: {check}$"):
        mugs(**values)
