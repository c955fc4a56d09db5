"""The sides of the comparisons: each prepares once, and is then asked over and over.

Both sides of a pair read the same rows by the same key with the same consistency.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

REGION = "eu-central-1"
ROWS = 20
LIST = "/api/v1/products/"


@dataclass(frozen=True)
class Side:
    """`operation` is what is measured; `slugs` reads from its result what it delivered."""

    operation: Callable[[], Any]
    slugs: Callable[[Any], list[str]]


def lambda_list() -> Side:
    """The product list, from API Gateway's event to Lambda's answer, through Zappa's handler."""
    from zappa.handler import lambda_handler

    from tests.aws_lambda.gateway import Request, rest_api_event

    event = rest_api_event(Request("GET", f"{LIST}?page_size={ROWS}"))
    return Side(lambda: lambda_handler(event, None), slugs_of_answer)


def bare_list() -> Side:
    """The least that a Lambda handler on boto3 can do for the same list."""
    import boto3
    from boto3.dynamodb.conditions import Key

    table = boto3.resource("dynamodb", region_name=REGION).Table(table_name("listing"))

    def handler(event: Any, context: Any) -> dict[str, Any]:
        found = table.query(
            KeyConditionExpression=Key("shelf").eq("all"),
            ScanIndexForward=False,
            Limit=ROWS,
        )
        body = json.dumps({"results": [item["card"] for item in found["Items"]]}, default=str)
        return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": body}

    return Side(lambda: handler({}, None), slugs_of_answer)


def slugs_of_answer(answer: dict[str, Any]) -> list[str]:
    assert answer["statusCode"] == 200, answer
    return [card["slug"] for card in json.loads(answer["body"])["results"]]


def orm_get() -> Side:
    product, key = products(), int(os.environ["BENCH_PRODUCT"])
    return Side(lambda: product.objects.get(pk=key), lambda found: [found.slug])


def boto3_get() -> Side:
    client, key = dynamodb_client(), os.environ["BENCH_PRODUCT"]

    def get() -> dict[str, Any]:
        answer: dict[str, Any] = client.get_item(
            TableName=table_name("product"), Key={"id": {"N": key}}, ConsistentRead=True
        )
        return answer

    return Side(get, lambda answer: [answer["Item"]["slug"]["S"]])


def orm_query() -> Side:
    product = products()

    def query() -> list[Any]:
        return list(product.objects.filter(status="active").order_by("-created_at")[:ROWS])

    return Side(query, lambda found: [each.slug for each in found])


def boto3_query() -> Side:
    client = dynamodb_client()

    def query() -> dict[str, Any]:
        answer: dict[str, Any] = client.query(
            TableName=table_name("product"),
            IndexName="product_status",
            KeyConditionExpression="#h = :h",
            ExpressionAttributeNames={"#h": "status"},
            ExpressionAttributeValues={":h": {"S": "active"}},
            ScanIndexForward=False,
            Limit=ROWS,
        )
        return answer

    return Side(query, lambda answer: [item["slug"]["S"] for item in answer["Items"]])


def products() -> Any:
    import django

    django.setup()
    from catalog.models import Product

    return Product


def dynamodb_client() -> Any:
    import boto3

    return boto3.client("dynamodb", region_name=REGION)


def table_name(model: str) -> str:
    return f"{os.environ['SHOP_TABLE_PREFIX']}catalog_{model}"


SIDES: dict[str, Callable[[], Side]] = {
    side.__name__: side
    for side in (lambda_list, bare_list, orm_get, boto3_get, orm_query, boto3_query)
}
