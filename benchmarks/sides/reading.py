"""The product list and a product's page: ours, a bare handler on boto3, and the floor."""

import json
from collections.abc import Callable
from typing import Any

from benchmarks.sides.common import REGION, ROWS, Side, answer, cards, listing, slug, table_name

LIST = "/api/v1/products/"


def lambda_list() -> Side:
    """The product list, from API Gateway's event to Lambda's answer, through Zappa's handler."""
    from zappa.handler import lambda_handler

    from tests.aws_lambda.gateway import Request, rest_api_event

    event = rest_api_event(Request("GET", f"{LIST}?page_size={ROWS}"))
    return Side(lambda: lambda_handler(event, None), slugs_of_answer)


def bare_list() -> Side:
    """The least that a Lambda handler on boto3 can do for the same list."""
    table = listing()

    def handler(event: Any, context: Any) -> dict[str, Any]:
        return answer({"results": cards(table)})

    return Side(lambda: handler({}, None), slugs_of_answer)


def slugs_of_answer(answer: dict[str, Any]) -> list[str]:
    assert answer["statusCode"] == 200, answer
    return [card["slug"] for card in json.loads(answer["body"])["results"]]


def floor_list() -> Side:
    """The same Query signed, sent and read by the engine's sender, and nothing else: what no
    framework of this language can go below."""
    import orjson

    ask = sender()
    params = {
        "TableName": table_name("listing"),
        "KeyConditionExpression": "shelf = :s",
        "ExpressionAttributeValues": {":s": {"S": "all"}},
        "ScanIndexForward": False,
        "Limit": ROWS,
    }

    def query() -> bytes:
        return orjson.dumps([item["card"] for item in ask("Query", params)["Items"]])

    return Side(query, lambda body: [card["M"]["slug"]["S"] for card in orjson.loads(body)])


def lambda_detail() -> Side:
    """A product's page in the API, with its variants and their stock."""
    from zappa.handler import lambda_handler

    from tests.aws_lambda.gateway import Request, rest_api_event

    event = rest_api_event(Request("GET", f"{LIST}{slug()}/"))
    return Side(lambda: lambda_handler(event, None), skus_of_answer)


def bare_detail() -> Side:
    """The same two reads on boto3: the page, and the stock of its variants."""
    import boto3

    resource = boto3.resource("dynamodb", region_name=REGION)
    pages, stock, name = resource.Table(table_name("productpage")), table_name("stock"), slug()

    def handler(event: Any, context: Any) -> dict[str, Any]:
        page = pages.get_item(Key={"slug": name})["Item"]["document"]
        keys = [{"sku": variant["sku"]} for variant in page["variants"]]
        found = resource.batch_get_item(RequestItems={stock: {"Keys": keys}})["Responses"][stock]
        pieces = {each["sku"]: each["available"] for each in found}
        for variant in page["variants"]:
            variant["available"] = pieces[variant["sku"]]
        return answer(page)

    return Side(lambda: handler({}, None), skus_of_answer)


def floor_detail() -> Side:
    import orjson

    ask, stock = sender(), table_name("stock")
    params = {"TableName": table_name("productpage"), "Key": {"slug": {"S": slug()}}}

    def read() -> bytes:
        page = ask("GetItem", params)["Item"]["document"]["M"]
        keys = [{"sku": variant["M"]["sku"]} for variant in page["variants"]["L"]]
        found = ask("BatchGetItem", {"RequestItems": {stock: {"Keys": keys}}})["Responses"]
        return orjson.dumps({"page": page, "stock": found[stock]})

    def skus(body: bytes) -> list[str]:
        return [each["M"]["sku"]["S"] for each in orjson.loads(body)["page"]["variants"]["L"]]

    return Side(read, skus)


def skus_of_answer(answer: dict[str, Any]) -> list[str]:
    assert answer["statusCode"] == 200, answer
    return [variant["sku"] for variant in json.loads(answer["body"])["variants"]]


def sender() -> Callable[[str, Any], Any]:
    """`ask(operation, params)` by the engine's signer and wire alone."""
    from dynamodb.client.sender import Sender
    from dynamodb.client.signing import DYNAMODB, endpoint_of

    made = Sender(DYNAMODB, region=REGION, endpoint=endpoint_of(REGION), timeout=10)
    return lambda operation, params: made.send(operation, made.prepare(params))
