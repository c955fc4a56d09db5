"""The line at the end of each request and each batch."""

from typing import Any

import pytest
from django.test import RequestFactory
from rest_framework.test import APIClient

from catalog.models import Variant
from orders.models import Order
from shop.events import consume_orders, sweep_outbox
from telemetry.functions import observed
from telemetry.middleware import endpoint_of, gateway_id, route_of
from telemetry.work import work
from tests.aws_lambda.gateway import recorded
from tests.cart.shoppers import Shopper
from tests.conftest import Staff
from tests.orders.shopping import check_out
from tests.outbox.queues import TestQueue
from tests.telemetry.calls import LambdaCall
from tests.telemetry.conftest import Log, batch

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_request(guest: APIClient, log: Log) -> None:
    answer = guest.get("/api/v1/products/no-such-thing/")

    (line,) = log.works
    assert line["Endpoint"] == "GET /api/v1/products/:slug/"
    assert (line["method"], line["status"]) == ("GET", 404)
    assert line["route"] == "api/v1/products/<str:slug>/"
    assert line["DynamoDBCalls"] == 1
    assert 0 < line["Latency"] < 10_000
    assert answer["X-Request-Id"] == line["request_id"]
    assert line["message"].startswith("GET /api/v1/products/:slug/ 404 in ")
    assert line["message"].endswith(f" ms; DynamoDB calls 1, units {line['CapacityUnits']:g}")


def test_requests_have_ids_of_their_own(guest: APIClient) -> None:
    said = {"X-Request-Id": "mine"}
    ids = {guest.get("/api/v1/", headers=said)["X-Request-Id"] for _ in range(3)}
    assert len(ids) == 3
    assert "mine" not in ids


@pytest.mark.parametrize(
    ("event", "known"),
    [
        ("rest_api", "77375676-xmpl-4b79-853a-f982474efe18"),
        ("http_api", "JKJaXmPLvHcESHA="),
        ("schedule", ""),
    ],
)
def test_the_gateway_s_id(event: str, known: str) -> None:
    assert gateway_id(recorded(event)) == known


def test_no_event() -> None:
    assert gateway_id(None) == ""


def test_what_lambda_calls_it(guest: APIClient, log: Log) -> None:
    context = LambdaCall("l-1")
    event = recorded("rest_api")
    given: dict[str, Any] = {"lambda.event": event, "lambda.context": context}
    answer = guest.get("/api/v1/", **given)

    (line,) = log.works
    assert answer["X-Request-Id"] == "77375676-xmpl-4b79-853a-f982474efe18"
    assert (line["request_id"], line["invocation_id"]) == (answer["X-Request-Id"], "l-1")


@pytest.mark.parametrize(
    ("method", "route", "endpoint"),
    [
        ("GET", "api/v1/orders/<str:number>/", "GET /api/v1/orders/:number/"),
        ("PATCH", "api/v1/cart/lines/<sku>/", "PATCH /api/v1/cart/lines/:sku/"),
        ("GET", "admin/catalog/product/<path:object_id>/change/", "admin"),
        ("GET", "admin/(?P<url>.*)$", "admin"),
        ("GET", "", "unknown"),
        ("GET", "^api(?:/|$)", "unknown"),
        ("BREW", "api/v1/cart/", "unknown"),
    ],
)
def test_endpoints_are_few(method: str, route: str, endpoint: str) -> None:
    assert endpoint_of(method, route) == endpoint


@pytest.mark.parametrize("path", ["/nothing/", "/api/nothing/", "/api/v2/"])
def test_what_matches_nothing(guest: APIClient, log: Log, path: str) -> None:
    guest.get(path)
    assert [(line["Endpoint"], line["status"]) for line in log.works] == [("unknown", 404)]


def test_a_request_that_a_middleware_answers(guest: APIClient, log: Log) -> None:
    """No view was looked up, yet it is known whose it would have been."""
    guest.post("/api/v1/cart/", headers={"Idempotency-Key": "short"})
    (line,) = log.works
    assert (line["Endpoint"], line["status"]) == ("POST /api/v1/cart/", 400)


def test_a_path_that_nobody_resolved(rf: RequestFactory) -> None:
    assert route_of(rf.get("/api/v1/cart/")) == "api/v1/cart/"
    assert route_of(rf.get("/nothing/")) == ""


def test_the_admin(superuser: Staff, log: Log) -> None:
    superuser.get("/admin/orders/order/")
    (line,) = log.works
    assert (line["Endpoint"], line["route"]) == ("admin", "admin/orders/order/")


def test_an_order_s_way(buyer: Shopper, order_queue: TestQueue, log: Log) -> None:
    number = check_out(buyer).json()["number"]
    consume_orders(batch(*order_queue.receive()), LambdaCall("l-2"))

    placed, processed = log.works
    assert (placed["Endpoint"], placed["DynamoDBCalls"]) == ("POST /api/v1/checkout/", 3)
    assert (placed["order"], placed["status"]) == (number, 202)
    assert processed["Endpoint"] == "consume_orders"
    assert (processed["request_id"], processed["invocation_id"]) == ("l-2", "l-2")
    assert (processed["records"], processed["answer"]) == (1, {"batchItemFailures": []})
    assert Order.objects.get().status == "confirmed"


def test_the_schedule(log: Log) -> None:
    assert sweep_outbox({}, None) == {"sent": 0}
    (line,) = log.works
    assert (line["Endpoint"], line["answer"], line["DynamoDBCalls"]) == (
        "sweep_outbox",
        {"sent": 0},
        1,
    )


def test_a_function_that_fails(log: Log) -> None:
    @observed
    def broken(event: dict[str, Any], context: Any) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        broken({}, None)

    (line,) = log.works
    assert line["message"].startswith("broken failed in ")


def test_a_line_without_metrics(guest: APIClient, log: Log, settings: Any) -> None:
    settings.METRICS = False
    guest.get("/api/v1/")
    (line,) = log.works
    assert "_aws" not in line
    assert (line["Endpoint"], line["DynamoDBCalls"]) == ("GET /api/v1/", 0)


def test_only_the_first_work_is_cold(monkeypatch: pytest.MonkeyPatch, log: Log) -> None:
    monkeypatch.setattr("telemetry.work.cold_start", iter((True,)))
    context = LambdaCall("l-1")
    for each in (None, context, context):
        with work("r", each):
            pass
    assert [line.get("cold_start") for line in log.works] == [None, True, False]
    assert [line.get("ColdStarts") for line in log.works] == [None, 1, None]


@pytest.mark.parametrize(
    ("context", "endpoint", "usd"),
    [({"requestId": "r-1"}, "GET /api/v1/", 0.0000039), ({}, "warm-up", 0.0000002)],
)
def test_our_own_request_at_the_start(
    guest: APIClient, log: Log, context: dict[str, str], endpoint: str, usd: float
) -> None:
    """API Gateway gave it no id: it is no customer's, and costs nothing there."""
    given: dict[str, Any] = {"lambda.event": {"requestContext": context}}
    guest.get("/api/v1/", **given)
    (line,) = log.works
    assert (line["Endpoint"], line["CostEstimate"]) == (endpoint, usd)


def test_a_shopper_s_words_stay_out(mug: Variant, guest: APIClient, log: Log) -> None:
    """Query strings are what people type: lines have the route only."""
    guest.get("/api/v1/products/?category=secret-word")
    assert "secret-word" not in log.stream.getvalue()
