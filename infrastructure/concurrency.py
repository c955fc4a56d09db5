"""How many calls of a function an account lets run at once.

A new account has 10 in all (Service Quotas, L-B99A9384) and most have 1,000; a function may
reserve of them what leaves 100 unreserved:
https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# A stage's `concurrency`: by function, what is reserved for it, and the limits of its queues.
Wanted = Mapping[str, Mapping[str, int]]
UNRESERVED = 100  # that AWS keeps for functions that reserve nothing
LEAST = 2  # that an event source mapping can be limited to
SHARE = 4  # a queue takes one part in so many of what customers need too


@dataclass(frozen=True)
class Concurrency:
    """`reserved` by function, empty where nothing can be; `queues` by the end of their names."""

    account: int
    reserved: dict[str, int]
    queues: dict[str, int]


def affordable(lambdas: Any, functions: Mapping[str, str], wanted: Wanted) -> Concurrency:
    """What the account has of what a stage's `concurrency` asks for.

    Where it cannot be reserved nothing is: all share what there is, and no queue takes more
    than a quarter. `lambdas` is boto3's client, `functions` has Lambda's names.
    """
    queues = {
        name: limit
        for share in wanted.values()
        for name, limit in share.items()
        if name != "reserved"
    }
    limits = lambdas.get_account_settings()["AccountLimit"]
    free = limits["UnreservedConcurrentExecutions"]
    free += sum(reserved_by(lambdas, function) for function in functions.values())
    if total(wanted) <= free - UNRESERVED:
        reserved = {function: share["reserved"] for function, share in wanted.items()}
        return Concurrency(limits["ConcurrentExecutions"], reserved, queues)
    most = max(LEAST, free // SHARE)
    capped = {name: min(limit, most) for name, limit in queues.items()}
    return Concurrency(limits["ConcurrentExecutions"], {}, capped)


def total(wanted: Wanted) -> int:
    """What both functions are to have for themselves."""
    return sum(share["reserved"] for share in wanted.values())


def reserved_by(lambdas: Any, function: str) -> int:
    """What it has reserved by now; 0 while it is not there."""
    try:
        answer = lambdas.get_function_concurrency(FunctionName=function)
    except lambdas.exceptions.ResourceNotFoundException:
        return 0
    return int(answer.get("ReservedConcurrentExecutions", 0))


def shortage(wanted: Wanted, found: Concurrency, region: str) -> str | None:
    """A sentence about what the account does not have, and how to ask for it."""
    if found.reserved:
        return None
    queues = ", ".join(f"{name} {limit}" for name, limit in found.queues.items())
    return (
        f"This account runs {found.account} function calls at once, so the stage's "
        f"{total(wanted)} cannot be reserved: it reserves none, and its queues take at most "
        f"{queues} at once. That works, for few customers. For more: `aws service-quotas "
        f"request-service-quota-increase --service-code lambda --quota-code L-B99A9384 "
        f"--desired-value {max(1000, total(wanted) + UNRESERVED)} --region {region}`; when "
        "it is granted, deploy again."
    )
