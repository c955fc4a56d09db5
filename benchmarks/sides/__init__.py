"""The sides of the comparisons: each prepares once, and is then asked over and over.

Where both sides of a pair deliver the same they read the same rows by the same key with the same
consistency.
"""

from collections.abc import Callable

from benchmarks.sides.buying import (
    bare_add,
    bare_cart,
    lambda_add,
    lambda_cart,
    lambda_checkout,
    lambda_consumer,
)
from benchmarks.sides.common import Side
from benchmarks.sides.orm import boto3_get, boto3_query, orm_get, orm_query
from benchmarks.sides.reading import (
    bare_detail,
    bare_list,
    floor_detail,
    floor_list,
    lambda_detail,
    lambda_list,
)

__all__ = ["SIDES", "Side"]

SIDES: dict[str, Callable[[], Side]] = {
    side.__name__: side
    for side in (
        *(lambda_list, bare_list, floor_list),
        *(lambda_detail, bare_detail, floor_detail),
        *(lambda_cart, bare_cart, lambda_add, bare_add),
        *(lambda_checkout, lambda_consumer),
        *(orm_get, boto3_get, orm_query, boto3_query),
    )
}
