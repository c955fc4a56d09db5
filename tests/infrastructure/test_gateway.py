"""Routes, refusals, limits and logs on an API as Zappa makes it, on the local AWS."""

import json
import os
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from email.message import Message
from typing import Any
from uuid import uuid4

import boto3
import pytest

from infrastructure.errors import DeploymentError
from infrastructure.gateway import (
    KEY_HEADER,
    LOG_FORMAT,
    Gateway,
    check_limits,
    integration_of,
    wanted_methods,
)
from infrastructure.refusals import HEADERS, OTHERS, REFUSALS, gateway_responses
from infrastructure.routes import Model, Route
from shop.api.errors import problem

# Without a function there: who gets as far as to it is answered with a 500.
INTEGRATION = {
    "type": "AWS_PROXY",
    "integrationHttpMethod": "POST",
    "uri": "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:eu-central-1:000000000000:function:missing/invocations",
    "credentials": "arn:aws:iam::000000000000:role/missing",
    "passthroughBehavior": "NEVER",
}
LINE = Model("Line1", '{"type": ["object"], "required": ["sku"]}')
NEW_LINE = Model("Line2", '{"type": ["object"], "required": ["sku", "quantity"]}')
ROUTES = [
    Route("GET", "/api/v1/cart"),
    Route("POST", "/api/v1/cart/lines", LINE),
    Route("DELETE", "/api/v1/cart/lines/{sku}"),
]
KEY = uuid4().hex  # of all APIs of an account each key is another
LOGS = "arn:aws:logs:eu-central-1:000000000000:log-group:/aws/apigateway/shop-dev"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    client = boto3.client("apigateway")
    api = zappas_api(client)
    key = client.create_api_key(name="cloudfront", value=KEY, enabled=True)["id"]
    stages = [{"apiId": api, "stage": "dev"}]
    plan = client.create_usage_plan(name="cloudfront", apiStages=stages)["id"]
    client.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")
    yield Gateway(client, api, "dev")
    client.delete_usage_plan(usagePlanId=plan)
    client.delete_api_key(apiKey=key)
    client.delete_rest_api(restApiId=api)


def zappas_api(client: Any) -> str:
    """As Zappa leaves it; its id."""
    api: str = client.create_rest_api(name="shop-dev")["id"]
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    rest = client.create_resource(restApiId=api, parentId=root, pathPart="{proxy+}")["id"]
    for resource in (root, rest):
        place = {"restApiId": api, "resourceId": resource, "httpMethod": "ANY"}
        client.put_method(**place, authorizationType="NONE")
        client.put_integration(**place, **INTEGRATION)
    client.create_deployment(restApiId=api, stageName="dev")
    return api


@pytest.fixture
def calls(gateway: Gateway) -> Counter[str]:
    """How often API Gateway is asked to do what, from now on."""
    counted: Counter[str] = Counter()

    def count(model: Any, **_: Any) -> None:
        counted[model.name] += 1

    gateway.client.meta.events.register("before-call.api-gateway", count)
    return counted


def send(
    gateway: Gateway, verb: str, path: str, body: str = "", key: str = KEY
) -> tuple[int, Any, Message]:
    """The answer's status, problem and headers: there is no function that could do better."""
    base = f"{os.environ['AWS_ENDPOINT_URL']}/_aws/execute-api/{gateway.api}/{gateway.stage}"
    request = urllib.request.Request(  # noqa: S310  our own AWS
        base + path,
        body.encode(),
        {"Content-Type": "application/json", KEY_HEADER: key},
        method=verb,
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)  # noqa: S310  the same
    with refused.value as answer:
        text = answer.read()
        return answer.code, json.loads(text) if text else None, answer.headers


def test_bodies_are_checked_before_the_function(gateway: Gateway) -> None:
    gateway.publish(ROUTES)
    for body in ("{", '{"quantity": 1}', "[]"):
        status, answer, headers = send(gateway, "POST", "/api/v1/cart/lines/", body)
        assert (status, headers["Content-Type"]) == (400, "application/problem+json")
        assert answer["detail"] == "The body is not JSON, or not as the schema says."
    status, answer, headers = send(gateway, "POST", "/api/v1/cart/lines/", '{"sku": "A"}')
    assert (status, answer["code"]) == (500, "server_error")
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", "/"),
        ("GET", "/admin/"),
        ("GET", "/api/v1/"),
        ("PUT", "/api/v1/cart/lines/"),
        ("POST", "/api/v1/cart/other/"),
        ("DELETE", "/api/v1/cart/lines/A/"),
        ("HEAD", "/api/v1/cart/"),
    ],
)
def test_all_else_reaches_the_function(gateway: Gateway, verb: str, path: str) -> None:
    gateway.publish(ROUTES)
    assert send(gateway, verb, path)[0] == 500
    assert send(gateway, verb, path, key="guessed")[0] == 403


def test_what_stands_below_each_resource() -> None:
    """ANY for each, and for all below it, unless that is a variable already."""
    assert wanted_methods(ROUTES) == {
        ("/api", "ANY"): None,
        ("/api/{proxy+}", "ANY"): None,
        ("/api/v1", "ANY"): None,
        ("/api/v1/{proxy+}", "ANY"): None,
        ("/api/v1/cart", "ANY"): None,
        ("/api/v1/cart", "GET"): None,
        ("/api/v1/cart/{proxy+}", "ANY"): None,
        ("/api/v1/cart/lines", "ANY"): None,
        ("/api/v1/cart/lines", "POST"): "Line1",
        ("/api/v1/cart/lines/{sku}", "ANY"): None,
        ("/api/v1/cart/lines/{sku}", "DELETE"): None,
    }


def test_the_second_time_nothing_changes(gateway: Gateway, calls: Counter[str]) -> None:
    gateway.publish(ROUTES)
    assert (calls["CreateModel"], calls["CreateResource"], calls["PutMethod"]) == (1, 8, 11)
    calls.clear()
    gateway.publish(ROUTES)
    assert dict(calls) == {
        "GetModels": 2,
        "GetResources": 1,
        "GetRequestValidators": 1,
        "PutGatewayResponse": len(REFUSALS) + len(OTHERS),
        "CreateDeployment": 1,
    }


class Broken(Exception):
    """The process ends here, after AWS has done what was asked."""


def shape(gateway: Gateway) -> Any:
    """All that was published, without ids."""
    methods = {
        (path, verb): [
            method["apiKeyRequired"],
            method.get("requestModels"),
            integration_of(method),
        ]
        for path, resource in gateway.resources().items()
        for verb, method in resource.get("resourceMethods", {}).items()
    }
    answers = gateway.client.get_gateway_responses(restApiId=gateway.api)["items"]
    made = {each["responseType"]: each["responseTemplates"] for each in answers}
    return methods, gateway.model_names(), made


def test_broken_after_each_of_its_calls(gateway: Gateway) -> None:
    """What the next attempt makes of it is what one that was never broken makes."""
    gateway.publish(ROUTES)
    whole = shape(gateway)
    calls = 1 + 1 + 8 + 2 * 11 + 2 + len(REFUSALS) + len(OTHERS) + 1
    for after in range(1, calls + 1):
        client = boto3.client("apigateway")
        other = Gateway(client, zappas_api(client), "dev")
        left = after

        def count(model: Any, **_: Any) -> None:
            nonlocal left
            if not model.name.startswith("Get"):
                left -= 1
                if left == 0:
                    raise Broken

        client.meta.events.register("after-call.api-gateway", count)
        with pytest.raises(Broken):
            other.publish(ROUTES)
        other.publish(ROUTES)
        assert shape(other) == whole, after
        client.delete_rest_api(restApiId=other.api)


def test_without_cloudfront_it_is_open(gateway: Gateway) -> None:
    """And closed again when CloudFront comes. Of Zappa's own two the local AWS keeps the word
    "false", which is true to it."""
    gateway.publish(ROUTES)
    gateway.locked = False
    gateway.publish(ROUTES)
    for path in ("/api/v1/cart/", "/api/v1/cart/other/", "/api/v1/"):
        assert send(gateway, "GET", path, key="guessed")[0] == 500
    gateway.locked = True
    gateway.publish(ROUTES)
    assert send(gateway, "GET", "/api/v1/cart/", key="guessed")[0] == 403


def test_what_is_new_is_changed_and_what_is_gone_goes(
    gateway: Gateway, calls: Counter[str]
) -> None:
    gateway.publish(ROUTES)
    assert gateway.model_names() == {"Line1"}
    calls.clear()
    gateway.publish([Route("POST", "/api/v1/cart/lines", NEW_LINE)])
    assert gateway.model_names() == {"Line2"}
    assert set(gateway.resources()) == {
        *("/", "/{proxy+}", "/api", "/api/{proxy+}", "/api/v1", "/api/v1/{proxy+}"),
        *("/api/v1/cart", "/api/v1/cart/{proxy+}", "/api/v1/cart/lines"),
    }
    assert set(gateway.resources()["/api/v1/cart"]["resourceMethods"]) == {"ANY"}
    assert (calls["PutMethod"], calls["DeleteMethod"], calls["DeleteResource"]) == (1, 2, 1)
    assert send(gateway, "POST", "/api/v1/cart/lines/", '{"sku": "A"}')[0] == 400


def test_routes_follow_the_function_that_zappa_names(gateway: Gateway) -> None:
    gateway.publish(ROUTES)
    root = gateway.resources()["/{proxy+}"]["id"]
    place = {"restApiId": gateway.api, "resourceId": root, "httpMethod": "ANY"}
    moved = INTEGRATION | {"credentials": "arn:aws:iam::000000000000:role/other"}
    gateway.client.put_integration(**place, **moved)
    gateway.publish(ROUTES)
    for resource in gateway.resources().values():
        for verb, method in resource.get("resourceMethods", {}).items():
            expected = moved if resource["path"] != "/" else INTEGRATION
            credentials = method["methodIntegration"]["credentials"]
            assert credentials == expected["credentials"], (resource["path"], verb)


def test_limits_and_logs(gateway: Gateway) -> None:
    gateway.publish(ROUTES)
    limits = {
        "*": {"requests_per_second": 50, "burst": 100},
        "POST /api/v1/cart/lines/": {"requests_per_second": 0, "burst": 1},  # one, ever
    }
    gateway.settle(LOGS, limits)
    stage = gateway.client.get_stage(restApiId=gateway.api, stageName="dev")
    assert stage["accessLogSettings"] == {"destinationArn": LOGS, "format": json.dumps(LOG_FORMAT)}
    rates = {
        name: (each["throttlingRateLimit"], each["throttlingBurstLimit"])
        for name, each in stage["methodSettings"].items()
    }
    assert rates == {"*/*": (50.0, 100), "/api/v1/cart/lines/POST": (0.0, 1)}

    assert send(gateway, "POST", "/api/v1/cart/lines/", "{")[0] == 400
    status, answer, headers = send(gateway, "POST", "/api/v1/cart/lines/", "{")
    assert (status, headers["Retry-After"]) == (429, "1")
    assert answer == problem(
        status=429, code="throttled", detail="Too many requests: wait a second, then try again."
    )


def test_no_secret_is_logged() -> None:
    """Neither headers nor addresses, queries or bodies."""
    logged = set(LOG_FORMAT.values())
    assert not {each for each in logged if "path" in each.lower()} - {"$context.resourcePath"}
    assert not {each for each in logged if "identity" in each or "header" in each.lower()}


def test_a_limit_of_no_route() -> None:
    check_limits({"*": {}, "GET /api/v1/cart/": {}}, ROUTES)
    with pytest.raises(DeploymentError, match="The stage limits GET /api/v1/basket/, which is no"):
        check_limits({"GET /api/v1/basket/": {}}, ROUTES)


def test_refusals_have_the_shape_of_the_shop_s_errors() -> None:
    for made in gateway_responses():
        body = json.loads(made["responseTemplates"]["application/json"])
        name = made["responseType"]
        if name in OTHERS:  # their status is not known here
            assert set(body) == {"type", "detail", "code"}
            continue
        status, code, detail = REFUSALS[name]
        errors = body.pop("errors", None)
        assert body == problem(status=status, code=code, detail=detail)
        assert made["statusCode"] == str(status)
        if name == "BAD_REQUEST_BODY":
            assert errors == {"non_field_errors": ["$context.error.validationErrorString"]}
        for header, value in HEADERS.items():
            assert made["responseParameters"][f"gatewayresponse.header.{header}"] == f"'{value}'"
