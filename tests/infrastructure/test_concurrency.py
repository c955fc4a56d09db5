"""What a function may reserve of its account's calls at once."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from infrastructure.concurrency import Concurrency, affordable, shortage

FUNCTIONS = {"shop": "shop-dev", "jobs": "shop-dev-jobs"}
WANTED = {"shop": {"reserved": 190, "orders": 50}, "jobs": {"reserved": 10, "catalog": 2}}
RESERVED = {"shop": 190, "jobs": 10}


@pytest.fixture
def account() -> Iterator[Any]:
    """`account(limit, unreserved, own)`: Lambda of such an account, in which the two functions have
    reserved so many by now. The limit of the local AWS is a thousand; with ten `zappa_alone.py`
    deploys."""
    client = boto3.client("lambda")
    with Stubber(client) as aws:

        def answer(limit: int, unreserved: int, own: tuple[int | None, ...]) -> Any:
            limits = {"ConcurrentExecutions": limit, "UnreservedConcurrentExecutions": unreserved}
            aws.add_response("get_account_settings", {"AccountLimit": limits})
            for each in own:
                if each is None:
                    aws.add_client_error("get_function_concurrency", "ResourceNotFoundException")
                else:
                    answer = {"ReservedConcurrentExecutions": each} if each else {}
                    aws.add_response("get_function_concurrency", answer)
            return client

        yield answer


@pytest.mark.parametrize(
    ("limit", "unreserved", "own", "found"),
    [
        (1000, 1000, (None, None), Concurrency(1000, RESERVED, {"orders": 50, "catalog": 2})),
        (1000, 300, (None, None), Concurrency(1000, RESERVED, {"orders": 50, "catalog": 2})),
        (1000, 299, (None, None), Concurrency(1000, {}, {"orders": 50, "catalog": 2})),
        (1000, 100, (190, 10), Concurrency(1000, RESERVED, {"orders": 50, "catalog": 2})),
        (1000, 110, (190, None), Concurrency(1000, RESERVED, {"orders": 50, "catalog": 2})),
        (1000, 109, (190, None), Concurrency(1000, {}, {"orders": 50, "catalog": 2})),
        (10, 10, (0, 0), Concurrency(10, {}, {"orders": 2, "catalog": 2})),
        (100, 100, (None, None), Concurrency(100, {}, {"orders": 25, "catalog": 2})),
    ],
)
def test_what_can_be_had(
    account: Any,
    limit: int,
    unreserved: int,
    own: tuple[int | None, ...],
    found: Concurrency,
) -> None:
    """100 stay unreserved, says AWS; what the functions have reserved themselves they may keep."""
    assert affordable(account(limit, unreserved, own), FUNCTIONS, WANTED) == found


def test_what_is_said() -> None:
    assert shortage(WANTED, Concurrency(1000, RESERVED, {}), "eu-central-1") is None
    queues = {"orders": 2, "catalog": 2}
    said = shortage(WANTED, Concurrency(10, {}, queues), "eu-central-1")
    assert said == (
        "This account runs 10 function calls at once, so the stage's 200 cannot be reserved: it "
        "reserves none, and its queues take at most orders 2, catalog 2 at once. That works, for "
        "few customers. For more: `aws service-quotas request-service-quota-increase "
        "--service-code lambda --quota-code L-B99A9384 --desired-value 1000 --region "
        "eu-central-1`; when it is granted, deploy again."
    )
