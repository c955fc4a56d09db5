"""What sides have in common."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

REGION = "eu-central-1"
ROWS = 20
#: What a guest sends to check out.
ORDER = {
    "email": "ada@example.com",
    "payment_method": "test-ok",
    "shipping_address": {
        "name": "Ada Byron",
        "line1": "1 Analytical Way",
        "postal_code": "10115",
        "city": "Berlin",
        "country": "DE",
    },
}
CARTS = 100  # that lines are added to in turn: none gets more pieces than a line may have


def nothing(times: int) -> None:
    """What most sides prepare for so many operations."""


@dataclass(frozen=True)
class Side:
    """`operation` is what is measured; `slugs` reads from its result what it delivered. `prepare`
    gets ready for so many operations, unmeasured."""

    operation: Callable[[], Any]
    slugs: Callable[[Any], list[str]]
    prepare: Callable[[int], None] = nothing


def answer(data: Any) -> dict[str, Any]:
    """API Gateway's, as a bare handler makes it."""
    body = json.dumps(data, default=str)
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": body}


def listing() -> Any:
    import boto3

    return boto3.resource("dynamodb", region_name=REGION).Table(table_name("listing"))


def cards(table: Any) -> list[dict[str, Any]]:
    """The newest products' cards, as they are stored."""
    from boto3.dynamodb.conditions import Key

    found = table.query(
        KeyConditionExpression=Key("shelf").eq("all"), ScanIndexForward=False, Limit=ROWS
    )
    return [item["card"] for item in found["Items"]]


def slug() -> str:
    return str(cards(listing())[0]["slug"])


def table_name(model: str) -> str:
    return f"{os.environ['SHOP_TABLE_PREFIX']}catalog_{model}"
