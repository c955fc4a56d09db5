"""What migrations do to a table `Row` with a column `value` of some kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.migrations import operations as ops
from django.db.migrations.operations.base import Operation
from django.db.models import (
    BigIntegerField,
    BooleanField,
    CheckConstraint,
    F,
    GeneratedField,
    Index,
    ManyToManyField,
    Q,
    UniqueConstraint,
)
from django.db.models.functions import Coalesce

from tests.dynamodb.schema.kinds import Kind

Script = Callable[[Kind], list[Operation]]


def made(kind: Kind) -> Operation:
    fields = [
        ("id", BigIntegerField(primary_key=True)),
        ("value", kind.field(null=True)),
        ("flag", BooleanField(default=True)),
    ]
    return ops.CreateModel("Row", fields)


def add(**options: Any) -> Script:
    """A second column; the option `default` or `db_default` may ask for the kind's first value."""
    return lambda kind: [ops.AddField("Row", "more", kind.field(**valued(kind, options)))]


def alter(**options: Any) -> Script:
    return lambda kind: [ops.AlterField("Row", "value", kind.field(**valued(kind, options)))]


def valued(kind: Kind, options: dict[str, Any]) -> dict[str, Any]:
    return {
        name: kind.value(1) if name.endswith("default") and value is FIRST else value
        for name, value in options.items()
    }


FIRST = object()


def unique(*, name: str = "one", **options: Any) -> Operation:
    return ops.AddConstraint("Row", UniqueConstraint(name=name, **options))


def always(*operations: Operation) -> Script:
    return lambda kind: list(operations)


def generated(**options: Any) -> Script:
    def script(kind: Kind) -> list[Operation]:
        field: Any = GeneratedField(
            expression=Coalesce(F("value"), F("value")), output_field=kind.field(), **options
        )
        return [ops.AddField("Row", "more", field)]

    return script


FLAGGED = Q(flag=True)
BY_VALUE = Index(fields=["value"], name="by_value")
BY_FLAG = Index(fields=["flag", "value"], name="by_flag")
SPARSE = Index(fields=["value"], condition=FLAGGED, name="sparse")
VALUED = CheckConstraint(condition=Q(value__isnull=False), name="valued")
SMALL = CheckConstraint(condition=Q(id__lt=1_000_000), name="small")

SCRIPTS: dict[str, Script] = {
    "add, NULL": add(null=True),
    "add, default": add(default=FIRST),
    "add, default in the database": add(db_default=FIRST),
    "add, NULL and default": add(null=True, default=FIRST),
    "add, not NULL": add(),
    "add, unique": add(null=True, unique=True),
    "add, unique with a default": add(unique=True, default=FIRST),
    "add, indexed": add(null=True, db_index=True),
    "add, generated": generated(db_persist=True),
    "add, generated and unique": generated(db_persist=True, unique=True),
    "remove": always(ops.RemoveField("Row", "value")),
    "remove and add": lambda kind: [
        ops.RemoveField("Row", "value"),
        ops.AddField("Row", "value", kind.field(null=True)),
    ],
    "rename": always(ops.RenameField("Row", "value", "worth")),
    "rename, unique": always(
        unique(fields=["value", "flag"]), ops.RenameField("Row", "value", "worth")
    ),
    "rename, checked": always(
        ops.AddConstraint("Row", VALUED), ops.RenameField("Row", "value", "worth")
    ),
    "rename, indexed": always(
        ops.AddIndex("Row", BY_FLAG), ops.RenameField("Row", "value", "worth")
    ),
    "another column": lambda kind: [
        ops.AlterField("Row", "value", kind.field(null=True, db_column="worth"))
    ],
    "not NULL": alter(),
    "not NULL, default": alter(default=FIRST),
    "not NULL, default in the database": alter(db_default=FIRST),
    "not NULL and back": lambda kind: [
        ops.AlterField("Row", "value", kind.field(default=kind.value(1))),
        ops.AlterField("Row", "value", kind.field(null=True)),
    ],
    "unique": alter(null=True, unique=True),
    "unique and back": lambda kind: [
        ops.AlterField("Row", "value", kind.field(null=True, unique=True)),
        ops.AlterField("Row", "value", kind.field(null=True)),
    ],
    "indexed": alter(null=True, db_index=True),
    "indexed and back": lambda kind: [
        ops.AlterField("Row", "value", kind.field(null=True, db_index=True)),
        ops.AlterField("Row", "value", kind.field(null=True)),
    ],
    "primary key": alter(primary_key=True),
    "another primary key": lambda kind: [
        ops.RemoveField("Row", "id"),
        ops.AlterField("Row", "value", kind.field(primary_key=True)),
    ],
    "unique constraint": always(unique(fields=["value"])),
    "unique constraint, removed": always(
        unique(fields=["value"]), ops.RemoveConstraint("Row", "one")
    ),
    "conditional": always(unique(fields=["value"], condition=FLAGGED)),
    "conditional, beside another": always(
        unique(fields=["value"], condition=~FLAGGED, name="none"),
        unique(fields=["value"], condition=FLAGGED),
    ),
    "conditional, before one without": always(
        unique(fields=["value"], condition=~FLAGGED), unique(fields=["value"], name="all")
    ),
    "conditional, of another condition": always(
        unique(fields=["value"], condition=~FLAGGED),
        ops.RemoveConstraint("Row", "one"),
        unique(fields=["value"], condition=FLAGGED),
    ),
    "unique together": always(ops.AlterUniqueTogether("Row", {("value", "flag")})),
    "unique together, no more": always(
        ops.AlterUniqueTogether("Row", {("value", "flag")}), ops.AlterUniqueTogether("Row", set())
    ),
    "check": always(ops.AddConstraint("Row", VALUED)),
    "check, removed": always(
        ops.AddConstraint("Row", VALUED), ops.RemoveConstraint("Row", "valued")
    ),
    "check, all hold": always(ops.AddConstraint("Row", SMALL)),
    "index": always(ops.AddIndex("Row", BY_VALUE)),
    "index, renamed and removed": always(
        ops.AddIndex("Row", BY_FLAG),
        ops.RenameIndex("Row", new_name="by_both", old_name="by_flag"),
        ops.RemoveIndex("Row", "by_both"),
    ),
    "sparse index": always(ops.AddIndex("Row", SPARSE)),
    "another model": always(unique(fields=["value"]), ops.RenameModel("Row", "Line")),
    "another table": always(unique(fields=["value"]), ops.AlterModelTable("Row", "lines")),
    "many to many": always(
        ops.CreateModel("Other", [("id", BigIntegerField(primary_key=True))]),
        ops.AddField("Row", "others", ManyToManyField("moving.Other")),
        ops.RemoveField("Row", "others"),
    ),
}
