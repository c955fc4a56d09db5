"""Migrations of indexes that hold only some rows or columns; raw SQL in migrations; what
migrate and flush write of their own accord."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.core.management.commands import flush, migrate
from django.db import IntegrityError, NotSupportedError, models
from django.db.migrations import operations as ops
from django.db.models import Index, Q, UniqueConstraint

from dynamodb.errors import TransactionTooLarge
from dynamodb.rows.commit import commits_in_parts
from tests.dynamodb.app.models import Maker, Parcel
from tests.dynamodb.engine import connection
from tests.dynamodb.moving import Project, project
from tests.dynamodb.sent import read_by, requests

pytestmark = pytest.mark.usefixtures("tables")

RED = Index(fields=["shelf", "stock"], name="red_only", condition=Q(name="red"))
BLUE = Index(fields=["shelf", "stock"], name="red_only", condition=Q(name="blue"))
NAMES = Index(fields=["shelf", "stock"], name="names", include=["name"])


@pytest.fixture
def moving(tables: None) -> Iterator[Project]:
    """A project with one model, a red and a blue row on one shelf."""
    with project() as made:
        made.create(
            "Mug",
            id=models.BigAutoField(primary_key=True),
            name=models.CharField(max_length=20),
            code=models.CharField(max_length=20, unique=True),
            shelf=models.CharField(max_length=20, default="A"),
            stock=models.IntegerField(default=5),
        )
        for name in ("red", "blue"):
            made["Mug"].objects.create(name=name, code=name)
        yield made


def on_shelf(moving: Project, **where: Any) -> tuple[list[str], list[tuple[str, str | None]]]:
    """The names found, and how."""
    mugs = moving["Mug"].objects.filter(shelf="A", **where)
    return read_by(lambda: sorted(mugs.values_list("name", flat=True)))


def test_django_does_not_warn_of_include() -> None:
    """It did (models.W040: "will be ignored"), at each migrate."""
    assert Parcel.check(databases={"default"}) == []


def test_a_unique_constraint_may_include_columns(moving: Project) -> None:
    """To a guard they are nothing; the constraint is kept, as Django takes for granted."""
    one = UniqueConstraint(fields=["name"], include=["stock"], name="one_name")
    moving.run(ops.AddConstraint("Mug", one))

    with pytest.raises(IntegrityError, match=r"UNIQUE constraint failed: \S*mug\.name$"):
        moving["Mug"].objects.create(name="red", code="other")


SPARSE, SCAN = [("Query", "red_only")], [("Scan", None)]


def test_a_sparse_index_over_rows_that_are_there(moving: Project) -> None:
    moving.run(ops.AddIndex("Mug", RED))

    assert on_shelf(moving, name="red", stock__gt=1) == (["red"], SPARSE)
    assert on_shelf(moving, name="blue", stock__gt=1)[0] == ["blue"]
    assert in_index("red_only") == ["red"]


def in_index(name: str) -> list[str]:
    params = {"TableName": f"{connection.table_prefix}moving_mug", "IndexName": name}
    items = connection.dynamodb.call("Scan", params)["Items"]
    return sorted(item["name"]["S"] for item in items)


def test_rows_move_in_and_out_after_the_migration(moving: Project) -> None:
    moving.run(ops.AddIndex("Mug", RED))
    mugs = moving["Mug"].objects

    mugs.create(name="green", code="green")
    mugs.filter(name="red").update(name="orange")
    mugs.filter(name="green").update(name="red")

    assert in_index("red_only") == ["red"]


def test_another_condition_by_the_same_name(moving: Project) -> None:
    moving.run(ops.AddIndex("Mug", RED))
    moving.run(ops.RemoveIndex("Mug", "red_only"), ops.AddIndex("Mug", BLUE))

    assert in_index("red_only") == ["blue"]


def test_a_projected_index_over_rows_that_are_there(moving: Project) -> None:
    assert on_shelf(moving)[1] == SCAN

    moving.run(ops.AddIndex("Mug", NAMES))

    assert on_shelf(moving) == (["blue", "red"], [("Query", "names")])


def test_a_column_of_the_condition_renamed(moving: Project) -> None:
    moving.run(ops.AddIndex("Mug", Index(fields=["shelf"], name="five", condition=Q(stock=5))))
    moving.run(ops.RemoveIndex("Mug", "five"), ops.RenameField("Mug", "stock", "left"))

    assert on_shelf(moving, left=5) == (["blue", "red"], SCAN)


# Raw SQL ------------------------------------------------------------------------------


@pytest.mark.parametrize("sql", ["DROP TABLE moving_mug", 'drop table "moving_mug";'])
def test_a_table_dropped(moving: Project, sql: str) -> None:
    full = f"{connection.table_prefix}moving_mug"
    assert connection.control.describe(full) is not None

    moving.run(ops.RunSQL(sql))

    assert connection.control.describe(full) is None
    assert read_by(lambda: guards("moving_mug"))[0] == []


def guards(table: str) -> list[str]:
    params = {"TableName": connection.table_prefix + connection.guard_name}
    items = connection.dynamodb.call("Scan", params)["Items"]
    return [item["id"]["S"] for item in items if item["id"]["S"].startswith(f"{table}#")]


def test_guards_of_rows_that_are_there(moving: Project) -> None:
    """What the test above finds gone."""
    assert sorted(guards("moving_mug")) == ['moving_mug#code#["blue"]', 'moving_mug#code#["red"]']


@pytest.mark.parametrize(
    "sql", ["CREATE TABLE moving_cup (id integer)", "  create index x on moving_mug (name)",
            "ALTER TABLE moving_mug ADD COLUMN x text"],
)  # fmt: skip
def test_a_table_made_by_sql_is_refused(moving: Project, sql: str) -> None:
    sentence = "Tables and indexes are made by migrations of models; this SQL would make one"
    with pytest.raises(NotSupportedError, match=sentence):
        moving.run(ops.RunSQL(sql))
    with pytest.raises(NotSupportedError, match=sentence), connection.cursor() as cursor:
        cursor.execute(sql)


def test_rows_changed_by_sql(moving: Project) -> None:
    moving.run(ops.RunSQL("UPDATE moving_mug SET stock = stock + 1 WHERE name = 'red'"))

    assert sorted(moving["Mug"].objects.values_list("name", "stock")) == [("blue", 5), ("red", 6)]


# More writes than a transaction holds -------------------------------------------------


def make_makers() -> None:
    Maker.objects.bulk_create(Maker(name=str(n)) for n in range(130))


def sizes(run: Any) -> list[int]:
    """How many writes each transaction had."""
    with requests() as seen:
        run()
    return [len(params["TransactItems"]) for _, params in seen if "TransactItems" in params]


def test_in_parts() -> None:
    """A row and the guard of its unique value are two writes."""
    with commits_in_parts():
        assert sizes(make_makers) == [100, 100, 60]
    assert Maker.objects.count() == 130


def test_not_in_parts() -> None:
    with pytest.raises(TransactionTooLarge, match="260 writes"):
        make_makers()
    assert Maker.objects.count() == 0


@pytest.mark.parametrize(("name", "command"), [("migrate", migrate), ("flush", flush)])
def test_commands_commit_in_parts(name: str, command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command.Command, "handle", lambda self, **options: make_makers())

    assert sizes(lambda: call_command(name, verbosity=0, interactive=False)) == [100, 100, 60]
    assert Maker.objects.count() == 130


def test_flush_makes_the_permissions_anew() -> None:
    """The engine's own models alone have over 40, two writes each."""
    with project():
        call_command("migrate", verbosity=0)
        before = set(Permission.objects.values_list("content_type__model", "codename"))

        made = sizes(lambda: call_command("flush", verbosity=0, interactive=False))

        assert set(Permission.objects.values_list("content_type__model", "codename")) == before
        assert len(before) > 100
        assert max(made) <= 100
