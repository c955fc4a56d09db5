"""Services besides DynamoDB: what is tried again, and what comes of it."""

from collections.abc import Iterator

import pytest
from django.db.utils import OperationalError

from dynamodb.client import retries
from dynamodb.client.refusals import ServiceError
from dynamodb.client.services import Api
from dynamodb.client.signing import Service
from tests.dynamodb.faults import Fault, Proxy, cut_before, fault_proxy, refused

THINGS = Service("things", "THINGS", "AmazonThings", "1.1")
DONE = Fault(status=200, body={"Thing": "ä"})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    monkeypatch.setattr(retries, "BASE_DELAY", 0.0001)
    with fault_proxy("http://127.0.0.1:9") as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL_THINGS", proxy.url)
        yield proxy


@pytest.fixture
def things(server: Proxy) -> Iterator[Api]:
    made = Api(THINGS, region="eu-central-1", timeout=5, attempts=3)
    yield made
    for idle in made.pool.idle:
        idle.close()


def test_one_request_one_answer(server: Proxy, things: Api) -> None:
    server.inject("GetThing", DONE)

    assert things.call("GetThing", {"Name": "a"}) == {"Thing": "ä"}

    assert server.requests == [{"Name": "a"}]


def test_the_signature_is_the_service_s(things: Api) -> None:
    headers = things.signer.headers("GetThing", b"{}", 1_800_000_000.0)

    assert headers["content-type"] == "application/x-amz-json-1.1"
    assert headers["x-amz-target"] == "AmazonThings.GetThing"
    assert "/20270115/eu-central-1/things/aws4_request, " in headers["authorization"]


@pytest.mark.parametrize(
    "fault",
    [cut_before(), refused("ThrottlingException"), refused("InternalServerError", 500),
     refused("InternalServiceError", 500), refused("ServiceUnavailableException", 503),
     refused("KmsThrottled")],
)  # fmt: skip
def test_what_may_succeed_a_moment_later(server: Proxy, things: Api, fault: Fault) -> None:
    server.inject("GetThing", fault, fault, DONE)

    assert things.call("GetThing", {}) == {"Thing": "ä"}
    assert server.attempts == 3


@pytest.mark.parametrize(
    ("code", "attempts"), [("ThrottlingException", 3), ("ResourceNotFoundException", 1)]
)
def test_a_refusal(server: Proxy, things: Api, code: str, attempts: int) -> None:
    server.inject("GetThing", *[refused(code)] * 3)

    with pytest.raises(ServiceError, match=f"^{code}: {code}$"):
        things.call("GetThing", {})
    assert server.attempts == attempts


def test_nobody_answers(server: Proxy, things: Api) -> None:
    server.inject("GetThing", *[cut_before()] * 3)

    with pytest.raises(OperationalError, match=f"^things does not answer at {server.url}: "):
        things.call("GetThing", {})
    assert server.attempts == 3
