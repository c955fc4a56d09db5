"""What is said of tables and of statements that fail, as Django expects it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, ProgrammingError, models
from django.db.migrations import operations as ops
from django.db.models.functions import Lower

from tests.dynamodb.app.models import Item
from tests.dynamodb.engine import connection
from tests.dynamodb.moving import Project, project

pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture
def moving(tables: None) -> Iterator[Project]:
    """A table with odd characters in its name; a generated column that may be NULL."""
    with project() as made:
        made.run(
            ops.CreateModel(
                "Mug",
                [
                    ("id", models.BigAutoField(primary_key=True)),
                    ("name", models.CharField(max_length=20, null=True)),
                    (
                        "lower",
                        models.GeneratedField(
                            expression=Lower("name"),
                            output_field=models.CharField(max_length=20),
                            db_persist=True,
                        ),
                    ),
                ],
                options={"db_table": "mugs & cups"},
            )
        )
        yield made


def test_a_table_is_listed_under_its_own_name(moving: Project) -> None:
    assert "mugs & cups" in connection.introspection.table_names()


def test_a_generated_column_of_nothing_is_null(moving: Project) -> None:
    moving["Mug"].objects.create()

    assert moving["Mug"].objects.get().lower is None


def test_sizes_of_columns(moving: Project) -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, "mugs & cups")

    assert [(column.name, column.internal_size) for column in found] == [
        ("id", None), ("name", 20), ("lower", 20),
    ]  # fmt: skip


def test_a_table_that_is_not_there() -> None:
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="no such table: none"):
        connection.introspection.get_table_description(cursor, "none")


def test_a_cursor_that_is_closed() -> None:
    with connection.cursor() as cursor:
        pass
    with pytest.raises(ProgrammingError):
        cursor.execute("SELECT 1")


def test_a_function_of_django_that_fails() -> None:
    Item.objects.create(sku="MUG", title="(")
    broken: Any = Item.objects.filter(title__regex="(")

    with pytest.raises(OperationalError, match="user-defined function raised exception"):
        broken.exists()
