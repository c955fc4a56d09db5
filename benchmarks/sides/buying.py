"""From the cart to the mail: ours, and a bare handler on boto3 for what it can do at all."""

import json
import os
import uuid
from itertools import cycle
from typing import Any

from benchmarks.sides.common import CARTS, ORDER, REGION, Side, answer, cards, listing, table_name


class Shopper:
    """Sends requests to the shop's Lambda handler."""

    def __init__(self) -> None:
        from zappa.handler import lambda_handler

        self.handler = lambda_handler
        self.send("GET", "health/", {})  # the first event sets Django up

    def event(self, method: str, path: str, headers: dict[str, str], body: Any = None) -> Any:
        from tests.aws_lambda.gateway import Request, rest_api_event

        return rest_api_event(Request(method, f"/api/v1/{path}", headers, body))

    def send(self, method: str, path: str, headers: dict[str, str], body: Any = None) -> Any:
        made = self.handler(self.event(method, path, headers, body), None)
        assert made["statusCode"] < 300, made
        return json.loads(made["body"])

    def fill(self, skus: list[str]) -> dict[str, str]:
        """A new guest's cart with a piece of each; the header that says whose it is."""
        token = {"Cart-Token": self.send("POST", "cart/", {})["token"]}
        for sku in skus:
            self.send("POST", "cart/lines/", token, {"sku": sku, "quantity": 1})
        return token


def lambda_cart() -> Side:
    """A guest's cart of three lines, shown: each with its price and whether it is there."""
    shopper = Shopper()
    event = shopper.event("GET", "cart/", shopper.fill(skus_of_a_cart()))
    return Side(lambda: shopper.handler(event, None), skus_of_cart)


def lambda_add() -> Side:
    """One more piece of a SKU that is in the cart, of which there must be enough to be had."""
    shopper, sku = Shopper(), skus_of_a_cart()[0]
    plenty([sku])
    line = {"sku": sku, "quantity": 1}
    events = cycle(
        [shopper.event("POST", "cart/lines/", shopper.fill([sku]), line) for _ in range(CARTS)]
    )
    return Side(lambda: shopper.handler(next(events), None), skus_of_cart)


def bare_add() -> Side:
    """A put of the line on boto3, into whatever cart, of whatever there is: nothing is checked."""
    import boto3

    resource = boto3.resource("dynamodb", region_name=REGION)
    carts, sku = resource.Table(f"{os.environ['SHOP_TABLE_PREFIX']}cart_cart"), skus_of_a_cart()[0]
    carts.put_item(Item={"key": "bare-add", "lines": {}})

    def handler(event: Any, context: Any) -> dict[str, Any]:
        line = {"quantity": event["quantity"], "price": "1.00", "currency": "EUR"}
        carts.update_item(
            Key={"key": "bare-add"},
            UpdateExpression="SET #l.#s = :l",
            ExpressionAttributeNames={"#l": "lines", "#s": event["sku"]},
            ExpressionAttributeValues={":l": line},
        )
        return answer({"lines": [{"sku": event["sku"], **line}]})

    return Side(lambda: handler({"sku": sku, "quantity": 1}, None), skus_of_cart)


def lambda_checkout() -> Side:
    """Two lines ordered, to the 202."""
    shopper, skus = Shopper(), skus_of_a_cart()[:2]
    carts: list[Any] = []

    def prepare(times: int) -> None:
        carts.extend(checkout_event(shopper, shopper.fill(skus)) for _ in range(times))

    def order() -> Any:
        made = shopper.handler(carts.pop(), None)
        assert made["statusCode"] == 202, made
        return made

    return Side(order, lambda made: [json.loads(made["body"])["status"]], prepare)


def lambda_consumer() -> Side:
    """An order of two lines, from its message to its mail: both messages, as SQS brings them."""
    from django.core.management import call_command

    from outbox import queues

    shopper, skus = Shopper(), skus_of_a_cart()[:2]
    call_command("provision", verbosity=0)
    plenty(skus)
    sent: list[Any] = []
    orders: list[Any] = []
    really = queues.send

    def send(queue: str, messages: Any) -> None:
        sent.extend(message.body for message in messages)
        really(queue, messages)

    queues.send = send

    def prepare(times: int) -> None:
        for _ in range(times):
            shopper.handler(checkout_event(shopper, shopper.fill(skus)), None)
        orders.extend(sent)
        sent.clear()

    def take(body: Any) -> None:
        taken = shopper.handler(queue_event(body), None)
        assert taken == {"batchItemFailures": []}, taken

    def process() -> list[str]:
        take(orders.pop())
        take(sent.pop())
        return ["mailed"]

    return Side(process, list, prepare)


def checkout_event(shopper: Shopper, token: dict[str, str]) -> Any:
    headers = {**token, "Idempotency-Key": str(uuid.uuid4())}
    return shopper.event("POST", "checkout/", headers, ORDER)


def queue_event(body: Any) -> Any:
    from tests.aws_lambda.gateway import recorded

    (pattern,) = recorded("sqs")["Records"]
    arn = os.environ["BENCH_QUEUE_ARN"]
    return {"Records": [pattern | {"body": json.dumps(body), "eventSourceARN": arn}]}


def plenty(skus: list[str]) -> None:
    """No end of them."""
    import boto3

    stock = boto3.resource("dynamodb", region_name=REGION).Table(table_name("stock"))
    for sku in skus:
        stock.update_item(
            Key={"sku": sku},
            UpdateExpression="SET available = :n",
            ExpressionAttributeValues={":n": 1_000_000},
        )


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


def skus_of_cart(answer: dict[str, Any]) -> list[str]:
    assert answer["statusCode"] == 200, answer
    return sorted(line["sku"] for line in json.loads(answer["body"])["lines"])


def skus_of_a_cart() -> list[str]:
    """A variant each of three products."""
    import boto3

    pages = boto3.resource("dynamodb", region_name=REGION).Table(table_name("productpage"))
    slugs = [card["slug"] for card in cards(listing())[:3]]
    found = [pages.get_item(Key={"slug": each})["Item"]["document"] for each in slugs]
    return [str(page["variants"][0]["sku"]) for page in found]
