"""The sides of the comparisons: each prepares once, and is then asked over and over.

Both sides of a pair read the same rows by the same key with the same consistency.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

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


def lambda_cart() -> Side:
    """A guest's cart of three lines, shown: each with its price and whether it is there."""
    from zappa.handler import lambda_handler

    from tests.aws_lambda.gateway import Request, rest_api_event

    def send(method: str, path: str, token: str, body: Any = None) -> Any:
        headers = {"Cart-Token": token} if token else {}
        event = rest_api_event(Request(method, f"/api/v1/cart/{path}", headers, body))
        made = lambda_handler(event, None)
        assert made["statusCode"] < 300, made
        return json.loads(made["body"])

    token = send("POST", "", "")["token"]
    for sku in skus_of_a_cart():
        send("POST", "lines/", token, {"sku": sku, "quantity": 1})
    event = rest_api_event(Request("GET", "/api/v1/cart/", {"Cart-Token": token}))
    return Side(lambda: lambda_handler(event, None), skus_of_cart)


def bare_cart() -> Side:
    """A cart of the same lines, and the articles of its lines, on boto3."""
    import boto3

    resource = boto3.resource("dynamodb", region_name=REGION)
    carts, variants, stock = (
        resource.Table(f"{os.environ['SHOP_TABLE_PREFIX']}cart_cart"),
        table_name("variant"),
        table_name("stock"),
    )
    lines = {sku: {"quantity": 1, "price": "1.00", "currency": "EUR"} for sku in skus_of_a_cart()}
    carts.put_item(Item={"key": "bare", "lines": lines})

    def handler(event: Any, context: Any) -> dict[str, Any]:
        cart = carts.get_item(Key={"key": "bare"}, ConsistentRead=True)["Item"]
        keys = {"Keys": [{"sku": sku} for sku in cart["lines"]], "ConsistentRead": True}
        found = resource.batch_get_item(RequestItems={variants: keys, stock: keys})["Responses"]
        articles = {each["sku"]: each for each in found[variants]}
        pieces = {each["sku"]: each["available"] for each in found[stock]}
        shown = [
            {"sku": sku, **line, "price": articles[sku]["price"], "available": pieces[sku]}
            for sku, line in cart["lines"].items()
        ]
        return answer({"lines": shown, "total": sum(each["price"] for each in shown)})

    return Side(lambda: handler({}, None), skus_of_cart)


def answer(data: Any) -> dict[str, Any]:
    """API Gateway's, as a bare handler makes it."""
    body = json.dumps(data, default=str)
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": body}


def skus_of_answer(answer: dict[str, Any]) -> list[str]:
    assert answer["statusCode"] == 200, answer
    return [variant["sku"] for variant in json.loads(answer["body"])["variants"]]


def skus_of_cart(answer: dict[str, Any]) -> list[str]:
    assert answer["statusCode"] == 200, answer
    return sorted(line["sku"] for line in json.loads(answer["body"])["lines"])


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


def skus_of_a_cart() -> list[str]:
    """A variant each of three products."""
    import boto3

    pages = boto3.resource("dynamodb", region_name=REGION).Table(table_name("productpage"))
    slugs = [card["slug"] for card in cards(listing())[:3]]
    found = [pages.get_item(Key={"slug": each})["Item"]["document"] for each in slugs]
    return [str(page["variants"][0]["sku"]) for page in found]


def sender() -> Callable[[str, Any], Any]:
    """`ask(operation, params)` by the engine's signer and wire alone."""
    from dynamodb.client.sender import Sender
    from dynamodb.client.signing import DYNAMODB, endpoint_of

    made = Sender(DYNAMODB, region=REGION, endpoint=endpoint_of(REGION), timeout=10)
    return lambda operation, params: made.send(operation, made.prepare(params))


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
    for side in (
        *(lambda_list, bare_list, floor_list),
        *(lambda_detail, bare_detail, floor_detail),
        *(lambda_cart, bare_cart),
        *(orm_get, boto3_get, orm_query, boto3_query),
    )
}
