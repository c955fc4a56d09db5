"""What a piece of work costs, estimated from what it consumed.

List prices in USD of eu-central-1, without free allowances; DynamoDB's and Lambda's requests
as in AWS's price list of 2026-09-11. Other regions differ by some per cent.
https://aws.amazon.com/dynamodb/pricing/on-demand/ https://aws.amazon.com/lambda/pricing/
https://aws.amazon.com/api-gateway/pricing/
"""

from collections.abc import Iterable

from dynamodb.calls import Call

READ_UNIT = 0.1525 / 1_000_000  # on demand
WRITE_UNIT = 0.7625 / 1_000_000
LAMBDA_REQUEST = 0.20 / 1_000_000
LAMBDA_GB_SECOND = 0.0000166667  # x86
GATEWAY_REQUEST = 3.70 / 1_000_000  # a REST API's first 333 million a month

READS = {"BatchGetItem", "GetItem", "Query", "Scan", "TransactGetItems"}


def estimated_cost(calls: Iterable[Call], *, ms: float, memory: int, requests: int) -> float:
    """USD of DynamoDB's units, of the function's time, and of `requests` through the gateway.

    `memory` is the function's in MB. Traffic, storage, queues, mails and logs are not in it.
    """
    units = sum(call.units * unit_price(call) for call in calls)
    seconds = ms / 1000 * memory / 1024 * LAMBDA_GB_SECOND
    return units + seconds + LAMBDA_REQUEST + requests * GATEWAY_REQUEST


def unit_price(call: Call) -> float:
    return READ_UNIT if call.operation in READS else WRITE_UNIT
