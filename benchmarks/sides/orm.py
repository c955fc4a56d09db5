"""Django's ORM on the engine, and boto3's client, at the same row or rows."""

import os
from typing import Any

from benchmarks.sides.common import REGION, ROWS, Side, table_name


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
