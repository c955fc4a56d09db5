"""What the catalogue queue calls."""

from typing import Any, TypeGuard, TypeVar

from catalog.services.availability import count_again
from catalog.services.republishing import republish_found, republish_page
from outbox.records import consume_records

T = TypeVar("T")


def consume(event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    """Process a batch of SQS records, each by itself; answers with the ones that failed.

    Each record's body is `{"message": <outbox id>, "skus": [<SKU>, ...]}`, or a page:
    `{"message": <outbox id>, "categories": [<id>, ...], "after": <id>}`, or the same with
    `"words": [<word>, ...]`.
    """
    return consume_records(event, process_message)


def process_message(body: dict[str, Any]) -> None:
    """Count what is left of some SKUs, or publish a page of products again.

    Raises ValueError for another kind of message.
    """
    message, after = body.get("message"), body.get("after")
    skus, words, categories = body.get("skus"), body.get("words"), body.get("categories")
    if not isinstance(message, int):
        raise ValueError(f"not a message of the outbox: {body}")
    if is_list_of(skus, str):
        count_again(message=message, skus=skus)
    elif isinstance(after, int) and is_list_of(words, str):
        republish_found(message=message, words=words, after=after)
    elif isinstance(after, int) and is_list_of(categories, int):
        republish_page(message=message, category_ids=categories, after=after)
    else:
        raise ValueError(f"not a message of the catalogue: {body}")


def is_list_of(value: Any, kind: type[T]) -> TypeGuard[list[T]]:
    return isinstance(value, list) and bool(value) and all(type(part) is kind for part in value)
