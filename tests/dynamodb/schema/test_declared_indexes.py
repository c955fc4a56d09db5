"""Which keys a declared index gets."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models
from django.db.migrations import operations as ops
from django.db.models import F, Index, Q
from django.db.models.functions import Lower

from dynamodb.indexes import GlobalIndex
from tests.dynamodb.moving import Project, keys_of, project

pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture
def moving(tables: None) -> Iterator[Project]:
    with project() as made:
        yield made


def made(moving: Project, *indexes: Index, **fields: Any) -> dict[str, str]:
    """The keys of a table of five numbers and these fields."""
    columns = {name: models.IntegerField(default=0) for name in "abcde"}
    number = ("number", models.IntegerField(primary_key=True))
    options = {"indexes": list(indexes)}
    moving.run(ops.CreateModel("Job", [number, *{**columns, **fields}.items()], options=options))
    return keys_of("moving_job")


def test_the_first_field_is_the_partition(moving: Project) -> None:
    two, three = Index(fields=["a", "b"], name="two"), Index(fields=["a", "-b", "c"], name="three")
    assert made(moving, two, three) == {"two": "a/b", "three": "a/b c"}


@pytest.mark.parametrize(
    ("field", "key"),
    [(models.IntegerField(null=True), "a/b"),
     (models.JSONField(default=dict), "a/b"),
     (models.CharField(max_length=9, db_collation="nocase"), "a/b"),
     (models.BinaryField(default=b""), "a/b c d"),
     (models.DecimalField(max_digits=30, decimal_places=2, default=0), "a/b c d")],
)  # fmt: skip
def test_what_ends_a_sort_key(moving: Project, field: Any, key: str) -> None:
    """A row without a value would not be in the index; JSON is no key; another collation than
    DynamoDB's would be in another order."""
    assert made(moving, Index(fields=["a", "b", "c", "d"], name="all"), c=field) == {"all": key}


def test_a_null_that_the_condition_excludes(moving: Project) -> None:
    indexes = [
        Index(fields=["a", "b", "c", "d"], name="has_c", condition=Q(c__isnull=False)),
        Index(fields=["a", "b", "c", "d"], name="is_1", condition=Q(c=1)),
        Index(fields=["a", "b", "c", "d"], name="other", condition=Q(d__isnull=False)),
    ]
    found = made(moving, *indexes, c=models.IntegerField(null=True))
    assert found == {"has_c": "_has_c/b c d", "is_1": "_is_1/b c d", "other": "_other/b"}


def test_expressions_are_two(moving: Project) -> None:
    index = Index(Lower("t"), F("a"), F("b"), name="lower")
    assert made(moving, index, t=models.CharField(max_length=9)) == {"lower": "LOWER(t)/a"}


def test_an_index_of_a_longer_partition_serves_no_shorter_one(moving: Project) -> None:
    """The field's own index is made as well, and one of both fields besides one of the first."""
    indexes = [
        GlobalIndex(fields=["a", "b"], partition=2, name="both"),
        Index(fields=["c", "d", "e"], name="c_first"),
        GlobalIndex(fields=["c", "d"], partition=2, name="c_and_d"),
    ]
    assert made(
        moving, *indexes,
        a=models.IntegerField(db_index=True), c=models.IntegerField(db_index=True),
    ) == {"both": "a b/", "c_first": "c/d e", "c_and_d": "c d/", "a_idx": "a/"}  # fmt: skip


def test_a_global_index_is_written_into_migrations() -> None:
    index = GlobalIndex(
        fields=["a", "-b", "c"], partition=2, name="abc", include=["d"], condition=Q(e=1)
    )
    path, args, options = index.deconstruct()
    assert (path, args) == ("dynamodb.indexes.GlobalIndex", ())
    assert options == {
        "name": "abc", "fields": ["a", "-b", "c"], "condition": Q(e=1), "include": ("d",),
        "partition": 2,
    }  # fmt: skip
    assert index == index.clone()
    assert index != GlobalIndex(
        fields=["a", "-b", "c"], name="abc", include=["d"], condition=Q(e=1)
    )


@pytest.mark.parametrize(
    ("fields", "partition"),
    [("abcde", 5), ("abc", 0), ("ab", 3), ("abcdef", 1)],
)  # fmt: skip
def test_more_than_a_key_has(fields: str, partition: int) -> None:
    with pytest.raises(ValueError, match="one to 4 fields in its partition key"):
        GlobalIndex(fields=list(fields), partition=partition, name="x")


def test_the_most_that_a_key_has(moving: Project) -> None:
    """Plain indexes may name more, as for any database: those behind the fifth are left out."""
    names = [f"c{n}" for n in range(9)]
    columns = [(name, models.IntegerField(default=0)) for name in names]
    plain = models.Index(fields=names, name="plain")
    full = GlobalIndex(fields=names[:8], partition=4, name="full")
    moving.run(
        ops.CreateModel(
            "Job",
            [("number", models.IntegerField(primary_key=True)), *columns],
            options={"indexes": [plain, full]},
        )
    )
    assert keys_of("moving_job") == {"plain": "c0/c1 c2 c3 c4", "full": "c0 c1 c2 c3/c4 c5 c6 c7"}
    moving["Job"].objects.create(number=1, c7=5)
    zeros = dict.fromkeys(names[:7], 0)
    assert moving["Job"].objects.get(**zeros, c7__gt=3).number == 1
