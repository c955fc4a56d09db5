"""Backups and deletion protection of the tables, which the engine's `migrate` makes.

`migrate` makes tables on any DynamoDB and knows nothing of stages; whether a stage's data
is worth protecting is the deployment's business.
"""

import time
from collections.abc import Iterator
from typing import Any

DEADLINE = 120.0  # seconds until AWS takes backups of a new table


def tables_of(dynamodb: Any, prefix: str) -> Iterator[str]:
    """Full names, sorted as AWS does."""
    for page in dynamodb.get_paginator("list_tables").paginate():
        yield from (name for name in page["TableNames"] if name.startswith(prefix))


def protect(dynamodb: Any, prefix: str) -> int:
    """Point-in-time recovery and deletion protection on each table; how many there are.

    Safe to repeat. Raises botocore's ClientError when the account refuses.
    """
    names = list(tables_of(dynamodb, prefix))
    for name in names:
        status = dynamodb.describe_continuous_backups(TableName=name)
        recovery = status["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
        if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
            enable_recovery(dynamodb, name)
        if not dynamodb.describe_table(TableName=name)["Table"].get("DeletionProtectionEnabled"):
            dynamodb.update_table(TableName=name, DeletionProtectionEnabled=True)
    return len(names)


def enable_recovery(dynamodb: Any, name: str) -> None:
    """A table made a moment ago is not ready for it: AWS says so, and asks to try again."""
    deadline = time.monotonic() + DEADLINE
    while True:
        try:
            dynamodb.update_continuous_backups(
                TableName=name,
                PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
            )
        except dynamodb.exceptions.ContinuousBackupsUnavailableException:
            if time.monotonic() > deadline:
                raise
            time.sleep(2)
        else:
            return


def delete(dynamodb: Any, prefix: str) -> int:
    """All tables, protected or not; how many there were. Only for who was asked twice."""
    names = list(tables_of(dynamodb, prefix))
    for name in names:
        if dynamodb.describe_table(TableName=name)["Table"].get("DeletionProtectionEnabled"):
            dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
            dynamodb.get_waiter("table_exists").wait(TableName=name)
        dynamodb.delete_table(TableName=name)
    return len(names)
