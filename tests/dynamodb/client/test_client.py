"""Signatures as botocore makes them; what is tried again, and what is not."""

import datetime
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from django.db.utils import OperationalError

from dynamodb.client import refusals, retries
from dynamodb.client.client import Client
from dynamodb.client.refusals import ServiceError, UnknownOutcome
from dynamodb.client.retries import ATTEMPTS
from dynamodb.client.signing import Credentials, Signer
from tests.dynamodb.faults import Fault, Proxy, cut_before, fault_proxy, refused

ENDPOINT = "https://dynamodb.eu-central-1.amazonaws.com"
NOW = 1_800_000_000.0
DONE = Fault(status=200, body={"Item": {"id": {"S": "1"}}})
GET = {"TableName": "t", "Key": {"id": {"S": "1"}}}


@pytest.mark.parametrize("token", [None, "a-session-token/+="])
@pytest.mark.parametrize("body", [b"{}", '{"ä": "€"}'.encode(), b"x" * 100_000])
def test_signatures(token: str | None, body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    host = ENDPOINT.removeprefix("https://")
    keys = ("AKID", "secret/+=", token)
    ours = Signer("eu-central-1", host, lambda: Credentials(*keys)).headers("GetItem", body, NOW)

    moment = datetime.datetime.fromtimestamp(NOW, datetime.UTC)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: moment)
    names = ("content-type", "x-amz-target")
    request = AWSRequest("POST", f"{ENDPOINT}/", {n: ours[n] for n in names}, body)
    SigV4Auth(BotocoreCredentials(*keys), "dynamodb", "eu-central-1").add_auth(request)

    assert ours["authorization"] == request.headers["Authorization"]
    assert ours["x-amz-date"] == request.headers["X-Amz-Date"]


def test_the_key_of_the_next_day() -> None:
    signer = Signer("eu-central-1", "h", lambda: Credentials("a", "s", None))

    first, again, next_day = (
        signer.headers("GetItem", b"{}", now)["authorization"] for now in (NOW, NOW, NOW + 86_400)
    )

    fresh = Signer("eu-central-1", "h", lambda: Credentials("a", "s", None))
    assert first == again
    assert next_day == fresh.headers("GetItem", b"{}", NOW + 86_400)["authorization"]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(retries, "BASE_DELAY", 0.0001)
    with fault_proxy("http://127.0.0.1:9") as proxy:
        yield proxy


@pytest.fixture
def client(server: Proxy) -> Any:
    made = Client(region="eu-central-1", endpoint=server.url)
    yield made
    made.close()


@pytest.mark.parametrize("code", sorted(refusals.RETRYABLE))
def test_what_is_tried_again(server: Proxy, client: Client, code: str) -> None:
    server.inject("GetItem", refused(code), DONE)

    assert client.call("GetItem", GET) == DONE.body
    assert server.attempts == 2


@pytest.mark.parametrize(
    "code",
    ["ValidationException", "ConditionalCheckFailedException", "ExpiredTokenException",
     "ResourceNotFoundException", "IdempotentParameterMismatchException"],
)  # fmt: skip
def test_what_is_not_tried_again(server: Proxy, client: Client, code: str) -> None:
    server.inject("GetItem", refused(code), DONE)

    with pytest.raises(ServiceError) as caught:
        client.call("GetItem", GET)

    assert (caught.value.code, caught.value.uncertain, server.attempts) == (code, False, 1)


def test_a_refusal_after_a_cut_is_uncertain(server: Proxy, client: Client) -> None:
    server.inject("PutItem", cut_before(), refused("ConditionalCheckFailedException"))

    with pytest.raises(ServiceError) as caught:
        client.call("PutItem", {})

    assert (caught.value.uncertain, server.attempts) == (True, 2)


def test_what_must_not_be_repeated(server: Proxy, client: Client) -> None:
    server.inject("UpdateItem", cut_before(), DONE)

    with pytest.raises(UnknownOutcome, match="UpdateItem was cut off"):
        client.call("UpdateItem", {}, repeatable=False)

    assert server.attempts == 1


def test_the_delays_double_with_full_jitter(
    server: Proxy, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "BASE_DELAY", 0.025)
    bounds: list[float] = []

    def shortest(low: float, high: float) -> float:
        bounds.append(high)
        return low

    monkeypatch.setattr("random.uniform", shortest)
    server.inject("GetItem", *[cut_before()] * ATTEMPTS)

    with pytest.raises(OperationalError, match="does not answer"):
        client.call("GetItem", GET)

    assert bounds == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0]


def test_one_connection_for_calls_in_turn(server: Proxy, client: Client) -> None:
    server.inject("GetItem", *[DONE] * 5)

    for _ in range(5):
        client.call("GetItem", GET)

    assert len(client.pool.idle) == 1
