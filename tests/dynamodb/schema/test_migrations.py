"""Tables follow the models' state, with rows in them and people using them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, models
from django.db.migrations import operations as ops
from django.db.models import F

from dynamodb.calls import record
from dynamodb.client.client import Client
from dynamodb.schema.editor import DatabaseSchemaEditor
from tests.dynamodb.engine import connection
from tests.dynamodb.moving import Project, interrupted, meanwhile, project

pytestmark = pytest.mark.usefixtures("tables")

MUG = ops.CreateModel(
    "Mug",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=20)),
        ("shelf", models.CharField(max_length=20, default="-")),
        ("stock", models.IntegerField(default=0)),
    ],
)


@pytest.fixture
def moving(tables: None) -> Iterator[Project]:
    """A project with one model and two rows."""
    with project() as made:
        made.run(MUG)
        for name, shelf in (("red", "A"), ("blue", "B")):
            made["Mug"].objects.create(name=name, shelf=shelf, stock=5)
        yield made


def rows(model: Any, *columns: str) -> list[Any]:
    return sorted(model.objects.values_list(*columns))


def indexes_of(table: str) -> list[str]:
    found = connection.control.describe(connection.table_prefix + table) or {}
    return sorted(each["IndexName"] for each in found.get("GlobalSecondaryIndexes", ()))


def asked(queryset: Any) -> list[str]:
    with record() as calls:
        list(queryset)
    return [call.operation for call in calls]


def test_an_index_added_and_removed(moving: Project) -> None:
    index = models.Index(fields=["shelf", "stock"], name="by_shelf")
    assert asked(moving["Mug"].objects.filter(shelf="A")) == ["Scan"]

    moving.run(ops.AddIndex("Mug", index))
    assert indexes_of("moving_mug") == ["by_shelf"]
    assert asked(moving["Mug"].objects.filter(shelf="A")) == ["Query"]
    assert [m.name for m in moving["Mug"].objects.filter(shelf="A")] == ["red"]

    moving.run(ops.RemoveIndex("Mug", "by_shelf"))
    assert indexes_of("moving_mug") == []
    assert asked(moving["Mug"].objects.filter(shelf="A")) == ["Scan"]


def test_an_index_over_empty_texts(moving: Project) -> None:
    """Rows that an index could not hold are rewritten first."""
    moving["Mug"].objects.create(name="green", shelf="")

    moving.run(ops.AddIndex("Mug", models.Index(fields=["shelf", "stock"], name="by_shelf")))

    assert [m.name for m in moving["Mug"].objects.filter(shelf="")] == ["green"]


def test_a_field_with_a_default(moving: Project) -> None:
    moving.run(ops.AddField("Mug", "colour", models.CharField(max_length=9, default="plain")))

    assert rows(moving["Mug"], "name", "colour") == [("blue", "plain"), ("red", "plain")]


def test_a_field_added_while_somebody_writes(
    moving: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A migration on a live table must not undo what is written meanwhile."""
    mug = moving["Mug"].objects.get(name="red")
    meanwhile(
        monkeypatch,
        lambda: moving["Mug"].objects.filter(pk=mug.pk).update(stock=F("stock") - 1),
    )

    moving.run(ops.AddField("Mug", "colour", models.CharField(max_length=9, default="plain")))

    assert rows(moving["Mug"], "name", "stock", "colour") == [
        ("blue", 5, "plain"),
        ("red", 4, "plain"),
    ]


def test_a_field_added_while_a_row_is_deleted(
    moving: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    mug = moving["Mug"].objects.get(name="red")
    meanwhile(monkeypatch, lambda: moving["Mug"].objects.filter(pk=mug.pk).delete())

    moving.run(ops.AddField("Mug", "colour", models.CharField(max_length=9, default="plain")))

    assert rows(moving["Mug"], "name", "colour") == [("blue", "plain")]


def test_a_field_removed(moving: Project) -> None:
    moving.run(ops.RemoveField("Mug", "shelf"))

    assert rows(moving["Mug"], "name", "stock") == [("blue", 5), ("red", 5)]
    names = {name for item in scan("moving_mug") for name in item}
    assert names == {"id", "name", "stock"}


def scan(table: str) -> list[dict[str, Any]]:
    params = {"TableName": connection.table_prefix + table, "ConsistentRead": True}
    return list(connection.dynamodb.call("Scan", params)["Items"])


def test_a_field_renamed(moving: Project) -> None:
    moving.run(ops.RenameField("Mug", "name", "title"))

    assert rows(moving["Mug"], "title", "stock") == [("blue", 5), ("red", 5)]


def test_a_model_renamed(moving: Project) -> None:
    moving.run(ops.RenameModel("Mug", "Cup"))

    assert rows(moving["Cup"], "name", "shelf") == [("blue", "B"), ("red", "A")]
    assert connection.control.describe(connection.table_prefix + "moving_mug") is None


def test_a_type_altered(moving: Project) -> None:
    moving.run(ops.AlterField("Mug", "stock", models.CharField(max_length=9)))

    assert rows(moving["Mug"], "name", "stock") == [("blue", "5"), ("red", "5")]
    assert sorted(item["stock"]["S"] for item in scan("moving_mug")) == ["5", "5"]


@pytest.mark.parametrize("through", [None, "Row"])
def test_a_relation_of_another_kind(moving: Project, through: str | None) -> None:
    """As in SQL: the rows between two models cannot be kept, so nothing is altered."""
    own = models.ForeignKey("moving.Mug", models.CASCADE, related_name="+")
    other = models.ForeignKey("moving.Mug", models.CASCADE, related_name="+")
    moving.run(ops.CreateModel("Row", [("own", own), ("other", other)]))
    moving.run(ops.AddField("Mug", "pairs", models.ManyToManyField("moving.Mug")))
    another: Any = models.IntegerField(null=True)
    if through:
        another = models.ManyToManyField("moving.Mug", through=f"moving.{through}")

    with pytest.raises(ValueError, match="not compatible types"):
        moving.run(ops.AlterField("Mug", "pairs", another))


def test_unique_values_of_rows_that_are_there(moving: Project) -> None:
    moving.run(ops.AlterField("Mug", "name", models.CharField(max_length=20, unique=True)))

    assert moving["Mug"].objects.get(name="red").shelf == "A"
    with pytest.raises(IntegrityError):
        moving["Mug"].objects.create(name="red")


def test_a_unique_constraint_over_rows_that_are_there(moving: Project) -> None:
    constraint = models.UniqueConstraint(fields=["name", "shelf"], name="one_each")
    moving.run(ops.AddConstraint("Mug", constraint))

    with pytest.raises(IntegrityError):
        moving["Mug"].objects.create(name="red", shelf="A")
    moving["Mug"].objects.create(name="red", shelf="B")


def test_unique_values_that_are_there_twice(moving: Project) -> None:
    """As in SQL: the rows must be put right first."""
    moving["Mug"].objects.create(name="red")

    with pytest.raises(IntegrityError, match=r"moving_mug\.name"):
        moving.run(ops.AlterField("Mug", "name", models.CharField(max_length=20, unique=True)))


def test_a_data_migration_on_a_column_renamed_later(moving: Project) -> None:
    def fill(apps: Any, schema_editor: Any) -> None:
        for mug in apps.get_model("moving", "Mug").objects.filter(shelf="A"):
            mug.shelf = f"{mug.shelf}-{mug.name}"
            mug.save()

    moving.run(ops.RunPython(fill), ops.RenameField("Mug", "shelf", "place"))

    assert rows(moving["Mug"], "name", "place") == [("blue", "B"), ("red", "A-red")]


@pytest.mark.parametrize("calls", range(1, 8))
def test_a_table_whose_making_was_interrupted(
    tables: None, calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever it was: the next run completes the table."""
    many = ops.CreateModel(
        "Pot",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("tags", models.ManyToManyField("self")),
            ("shelf", models.CharField(max_length=20, db_index=True)),
        ],
    )
    with project() as moving:
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(Client, "call", interrupted(Client.call, calls))
            moving.run(many)

        moving.run(many)

        pot = moving["Pot"].objects.create(shelf="A")
        pot.tags.add(pot)
        assert [p.pk for p in moving["Pot"].objects.filter(shelf="A", tags=pot)] == [pot.pk]


def test_a_primary_key_altered_and_interrupted(
    moving: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new key needs a new table: the rows must be somewhere all the time."""
    alter = ops.AlterField("Mug", "id", models.CharField(max_length=40, primary_key=True))
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(DatabaseSchemaEditor, "load", interrupted(DatabaseSchemaEditor.load, 0))
        moving.run(alter)

    moving.run(alter)

    assert rows(moving["Mug"], "name", "stock") == [("blue", 5), ("red", 5)]


def test_migrate_twice(tables: None, capsys: pytest.CaptureFixture[str]) -> None:
    """The second run has nothing to do and changes nothing; --plan only says so."""
    with project():
        call_command("migrate", verbosity=0)
        with record() as calls:
            call_command("migrate", verbosity=0)
        call_command("migrate", plan=True)

    made = {call.operation for call in calls} & {"CreateTable", "UpdateTable", "DeleteTable"}
    assert made == set()
    assert "No planned migration operations." in capsys.readouterr().out
