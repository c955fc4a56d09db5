"""Tables whose indexes were made with one attribute a key: they are used as they are."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.migrations import operations as ops
from django.db.utils import IntegrityError, NotSupportedError

from dynamodb.base import DatabaseWrapper
from dynamodb.client.refusals import ServiceError
from dynamodb.indexes import GlobalIndex
from dynamodb.tables.registry import Registry
from tests.dynamodb.engine import connection
from tests.dynamodb.guards import changed
from tests.dynamodb.moving import Project, keys_of, project
from tests.dynamodb.sent import requests
from tests.dynamodb.visits import asked

pytestmark = pytest.mark.usefixtures("tables")

OPTION = "multi_attribute_keys"
JOB = ops.CreateModel(
    "Job",
    [
        ("number", models.IntegerField(primary_key=True)),
        ("queue", models.CharField(max_length=20)),
        ("due", models.IntegerField()),
        ("label", models.CharField(max_length=20, blank=True)),
        ("shard", models.IntegerField(default=0)),
    ],
    options={
        "indexes": [
            models.Index(fields=["queue", "due", "label"], name="job_queue"),
            GlobalIndex(fields=["queue", "shard", "due", "label"], partition=2, name="job_shard"),
        ],
        "unique_together": {("queue", "label")},
    },
)
SHORT = {"job_queue": "queue/due", "job_shard": "queue/due"}
LONG = {"job_queue": "queue/due label", "job_shard": "queue shard/due label"}


def keys() -> dict[str, str]:
    return keys_of("moving_job")


def look_again(moving: Project) -> None:
    """As a process does that starts now."""
    connection.registry.show(connection, [moving["Job"]])


@pytest.fixture
def moving(tables: None) -> Iterator[Project]:
    with project() as made:
        yield made


@pytest.fixture
def older(moving: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A table that was made before, with rows; and the engine of today."""
    with monkeypatch.context() as before:
        before.setitem(connection.settings_dict["OPTIONS"], OPTION, False)
        moving.run(JOB)
        moving["Job"].objects.bulk_create(
            moving["Job"](number=n, queue="Q", due=n // 2, label="" if n == 5 else f"L{9 - n}")
            for n in range(8)
        )
    look_again(moving)
    return moving


def by_due(moving: Project) -> Any:
    found = moving["Job"].objects.filter(queue="Q", due__gt=0).order_by("due", "label")
    return found.values_list("number", flat=True)


IN_ORDER = [3, 2, 5, 4, 7, 6]


def test_a_new_table(moving: Project) -> None:
    moving.run(JOB)
    assert keys() == LONG


def test_an_older_table_is_asked_for_what_it_has(older: Project) -> None:
    """The label is in no key: the rows of a moment are sorted here."""
    assert keys() == SHORT
    found, sent = asked(lambda: list(by_due(older)))
    assert (found, sent) == (IN_ORDER, ["job_queue: queue = Q AND due > 0"])
    jobs = older["Job"].objects.filter(queue="Q")
    found, sent = asked(lambda: [job.number for job in jobs.filter(due=2, label__gt="L4")])
    assert (found, sent) == ([4], ["job_queue: queue = Q AND due = 2"])
    found, sent = asked(
        lambda: [job.number for job in jobs.filter(shard=0).order_by("due", "number")]
    )
    assert (found, sent) == (list(range(8)), ["job_queue: queue = Q"])


def test_what_it_has_is_asked_once(older: Project) -> None:
    with requests() as sent:
        connection.close()
        list(by_due(older))
        list(by_due(older))
    assert [operation for operation, _ in sent] == ["Query", "Query"]


def test_empty_texts_of_before_stay_what_they_are(older: Project) -> None:
    """In a key they would be stored otherwise, and so would the guard of a unique value."""
    job = older["Job"]
    assert job.objects.get(number=5).label == ""
    assert job.objects.filter(number=5, label="").update(shard=1) == 1
    with pytest.raises(IntegrityError):
        job.objects.create(number=50, queue="Q", due=0, label="")


def test_another_change_of_the_table_leaves_it(older: Project) -> None:
    older.run(ops.AddField("Job", "note", models.CharField(max_length=9, default="-")))
    assert keys() == SHORT
    assert list(by_due(older)) == IN_ORDER


def test_another_name_makes_it_anew(older: Project) -> None:
    older.run(ops.RenameIndex("Job", new_name="job_due", old_name="job_queue"))
    assert keys() == {"job_due": LONG["job_queue"], "job_shard": SHORT["job_shard"]}
    found, sent = asked(lambda: list(by_due(older)[:3]))
    assert (found, sent) == (IN_ORDER[:3], ["3 of job_due: queue = Q AND due > 0"])
    with pytest.raises(IntegrityError):
        older["Job"].objects.create(number=50, queue="Q", due=0, label="")


def test_the_same_name_removed_and_added(older: Project) -> None:
    index = models.Index(fields=["queue", "due", "label"], name="job_queue")
    older.run(ops.RemoveIndex("Job", "job_queue"), ops.AddIndex("Job", index))
    assert keys()["job_queue"] == LONG["job_queue"]


def test_code_before_its_migration(older: Project) -> None:
    """The model has a column more in its index than the table: no order is taken for granted."""
    older.run(ops.RemoveIndex("Job", "job_queue"))
    older.run(ops.AddIndex("Job", models.Index(fields=["queue", "due", "label"], name="job_queue")))
    after = older.state.clone()
    ops.RemoveIndex("Job", "job_queue").state_forwards("moving", after)
    longer = models.Index(fields=["queue", "due", "label", "-number"], name="job_queue")
    ops.AddIndex("Job", longer).state_forwards("moving", after)
    connection.registry.show(connection, [after.apps.get_model("moving", "Job")])
    found, sent = asked(lambda: list(by_due(older).order_by("due", "label", "number")[:2]))
    assert (found, sent) == (IN_ORDER[:2], ["3 of job_queue: queue = Q AND due > 0"])


# Servers ---------------------------------------------------------------------------------


def refused(code: str) -> Any:
    """A server that does not make indexes."""

    def change(operation: str, params: dict[str, Any]) -> dict[str, Any]:
        if operation == "CreateTable" and "GlobalSecondaryIndexes" in params:
            raise ServiceError(code, "Too many KeySchema elements", {})
        return params

    return change


def test_a_server_that_refuses(moving: Project) -> None:
    with (
        changed(refused("ValidationException")),
        pytest.raises(NotSupportedError, match=r"job_queue.*multi_attribute"),
    ):
        moving.run(JOB)


def test_a_refusal_that_has_another_reason(moving: Project) -> None:
    simple = ops.CreateModel("Job", JOB.fields, options={
        "indexes": [models.Index(fields=["queue", "due"], name="job_queue")],
    })  # fmt: skip
    with changed(refused("ValidationException")), pytest.raises(ServiceError, match="Too many"):
        moving.run(simple)
    with changed(refused("AccessDeniedException")), pytest.raises(ServiceError, match="Too many"):
        moving.run(JOB)


def test_one_attribute_a_key_if_the_database_says_so(
    moving: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], OPTION, False)
    moving.run(JOB)
    assert keys() == SHORT


def test_an_option_is_a_boolean() -> None:
    settings = {**connection.settings_dict, "OPTIONS": {OPTION: "no"}}
    with pytest.raises(ImproperlyConfigured, match=OPTION):
        DatabaseWrapper(settings)


def test_only_tables_with_such_indexes_are_asked_for() -> None:
    """Any other process starts without a call."""
    registry = Registry()
    with requests() as sent:
        registry.load(connection)
        assert sent == []
        assert len(list(registry.tables.values())) > 5
    prefix = connection.table_prefix
    assert sorted((operation, params["TableName"]) for operation, params in sent) == [
        ("DescribeTable", f"{prefix}engine_entry"), ("DescribeTable", f"{prefix}engine_visit"),
    ]  # fmt: skip


def test_tables_are_asked_for_again_where_there_was_no_answer() -> None:
    """A process that starts while DynamoDB cannot be reached knows all its tables afterwards."""

    def lost(operation: str, params: dict[str, Any]) -> dict[str, Any]:
        raise ServiceError("AccessDeniedException", f"no {operation}", {})

    registry = Registry()
    registry.load(connection)
    with changed(lost), pytest.raises(ServiceError, match="no DescribeTable"):
        registry.tables["engine_visit"]
    assert registry.tables["engine_visit"].sql_name == "engine_visit"
