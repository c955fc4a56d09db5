"""May a query read a whole table? Said for all by OPTIONS["scan"], for a block here."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from dynamodb.errors import ScanForbidden

logger = logging.getLogger("dynamodb.scans")
POLICIES = ("allow", "warn", "forbid")
_policy: ContextVar[str | None] = ContextVar("dynamodb_scan_policy", default=None)


@contextmanager
def scan_policy(policy: str) -> Iterator[None]:
    """Let queries in the block scan ("allow"), log it ("warn") or raise ("forbid")."""
    if policy not in POLICIES:
        raise ValueError(f"A scan policy is one of {', '.join(POLICIES)}, not {policy!r}.")
    token = _policy.set(policy)
    try:
        yield
    finally:
        _policy.reset(token)


def check_scan(table: str, default: str) -> None:
    """Raise ScanForbidden, or log, as the policy in force says."""
    policy = _policy.get() or default
    if policy == "forbid":
        raise ScanForbidden(
            f"No index of {table} serves this query, and reading the whole table is forbidden "
            "here. Filter by the primary key or by the first column of an index, or wrap the "
            'query in dynamodb.scans.scan_policy("allow").'
        )
    if policy == "warn":
        logger.warning("scan of the whole table %s", table)
