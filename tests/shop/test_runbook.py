"""The runbook's commands exist, and restored tables are a shop."""

import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import xform_name
from django.db import connection

from orders.models import Order
from tests.orders.shopping import make_order

RUNBOOK = (Path(__file__).parents[2] / "docs" / "runbook.md").read_text()
GLOBAL = {"--query", "--output"}  # the AWS CLI's own
NEGATED = "--no-"


def commands(page: str = RUNBOOK) -> list[list[str]]:
    """Every `aws ...` on the page: its words, and what follows up to the next one."""
    found = re.findall(r"```sh\n(.*?)```|`(aws [^`\n]+)`", page, re.DOTALL)
    code = "\n".join(block or inline for block, inline in found)
    words = shlex.split(
        code.replace('"$(', " ").replace(')"\n', "\n").replace("$(", " "), comments=True
    )
    starts = [place for place, word in enumerate(words) if word == "aws"]
    return [words[start:end] for start, end in pairwise([*starts, len(words)])]


@pytest.mark.parametrize("command", commands(), ids=lambda words: " ".join(words[1:3]))
def test_a_command_is_one_of_aws_s(command: list[str]) -> None:
    assert unknown_options(command) == set()


def unknown_options(command: list[str]) -> set[str]:
    """Those that AWS's description of the operation does not have."""
    _, service, operation, *rest = command
    client = boto3.client(service, region_name="eu-central-1")
    if operation == "wait":
        assert rest[0].replace("-", "_") in client.waiter_names
        operation = "describe-table"
    name = client.meta.method_to_api_mapping[operation.replace("-", "_")]
    shape = client.meta.service_model.operation_model(name).input_shape
    known = {f"--{xform_name(member, '-')}" for member in (shape.members if shape else ())}
    given = {word.replace(NEGATED, "--") for word in rest if word.startswith("--")}
    return given - known - GLOBAL


def test_a_command_that_is_not() -> None:
    page = "`aws dynamodb update-table --table-name x --warm-throughputs y`"
    (command,) = commands(page)
    assert unknown_options(command) == {"--warm-throughputs"}


def test_the_page_has_commands() -> None:
    operations = {words[2] for words in commands()}
    assert {"start-message-move-task", "restore-table-to-point-in-time", "wait"} <= operations
    assert {"put-secret-value", "update-table", "put-function-concurrency"} <= operations


@pytest.mark.django_db(transaction=True)
def test_restored_tables_are_a_shop() -> None:
    """GIVEN an order WHEN all tables are restored under a longer prefix THEN it is read there."""
    order, client = make_order(), boto3.client("dynamodb")
    prefix = connection.settings_dict["NAME"]
    restored = f"{prefix}r1-"
    restore_all(client, prefix, restored)
    try:
        Order.objects.filter(pk=order.pk).delete()
        engine: Any = connection
        engine.close()
        engine.use_prefix(restored)
        assert Order.objects.get(pk=order.pk).email == order.email
        assert Order.objects.filter(email=order.email).order_by("-placed_at").first() == order
    finally:
        engine.close()
        engine.use_prefix(prefix)
        for name in names_of(client, restored):
            client.delete_table(TableName=name)


def restore_all(client: Any, prefix: str, restored: str) -> None:
    """As the runbook does, to the latest moment there is."""
    for name in names_of(client, prefix):
        client.update_continuous_backups(
            TableName=name,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
        client.restore_table_to_point_in_time(
            SourceTableName=name,
            TargetTableName=f"{restored}{name.removeprefix(prefix)}",
            UseLatestRestorableTime=True,
        )
    for name in names_of(client, restored):
        client.get_waiter("table_exists").wait(TableName=name)


def names_of(client: Any, prefix: str) -> list[str]:
    pages = client.get_paginator("list_tables").paginate()
    return [name for page in pages for name in page["TableNames"] if name.startswith(prefix)]
