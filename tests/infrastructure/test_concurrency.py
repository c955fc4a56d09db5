"""What a function may reserve of its account's calls at once."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from infrastructure.concurrency import Concurrency, affordable, shortage

WANTED = {"reserved": 200, "orders": 50, "catalog": 2}


@pytest.fixture
def account() -> Iterator[Any]:
    """`account(limit, unreserved, own)`: Lambda of such an account. The limit of the local AWS is
    a thousand; with ten `zappa_alone.py` deploys."""
    client = boto3.client("lambda")
    with Stubber(client) as aws:

        def answer(limit: int, unreserved: int, own: int | None) -> Any:
            limits = {"ConcurrentExecutions": limit, "UnreservedConcurrentExecutions": unreserved}
            aws.add_response("get_account_settings", {"AccountLimit": limits})
            if own is None:
                aws.add_client_error("get_function_concurrency", "ResourceNotFoundException")
            else:
                answer = {"ReservedConcurrentExecutions": own} if own else {}
                aws.add_response("get_function_concurrency", answer)
            return client

        yield answer


@pytest.mark.parametrize(
    ("limit", "unreserved", "own", "found"),
    [
        (1000, 1000, None, Concurrency(1000, 200, {"orders": 50, "catalog": 2})),
        (1000, 300, None, Concurrency(1000, 200, {"orders": 50, "catalog": 2})),
        (1000, 299, None, Concurrency(1000, None, {"orders": 50, "catalog": 2})),
        (1000, 100, 200, Concurrency(1000, 200, {"orders": 50, "catalog": 2})),
        (10, 10, 0, Concurrency(10, None, {"orders": 2, "catalog": 2})),
        (100, 100, None, Concurrency(100, None, {"orders": 25, "catalog": 2})),
    ],
)
def test_what_can_be_had(
    account: Any, limit: int, unreserved: int, own: int | None, found: Concurrency
) -> None:
    """100 stay unreserved, says AWS; what the function has reserved itself it may keep."""
    assert affordable(account(limit, unreserved, own), "shop-dev", WANTED) == found


def test_what_is_said() -> None:
    assert shortage(WANTED, Concurrency(1000, 200, {}), "eu-central-1") is None
    queues = {"orders": 2, "catalog": 2}
    said = shortage(WANTED, Concurrency(10, None, queues), "eu-central-1")
    assert said == (
        "This account runs 10 function calls at once, so the stage's 200 cannot be reserved: it "
        "reserves none, and its queues take at most orders 2, catalog 2 at once. That works, for "
        "few customers. For more: `aws service-quotas request-service-quota-increase "
        "--service-code lambda --quota-code L-B99A9384 --desired-value 1000 --region "
        "eu-central-1`; when it is granted, deploy again."
    )
