"""What the catalogue queue calls."""

from typing import Any, TypeGuard

from catalog.services.republishing import republish_page
from outbox.records import consume_records


def consume(event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    """Process a batch of SQS records, each by itself; answers with the ones that failed.

    Each record's body is `{"message": <outbox id>, "categories": [<id>, ...], "after": <id>}`.
    """
    return consume_records(event, process_page)


def process_page(body: dict[str, Any]) -> None:
    """Publish a page of products again. Raises ValueError for another kind of message."""
    message, categories, after = body.get("message"), body.get("categories"), body.get("after")
    if not (isinstance(message, int) and isinstance(after, int) and is_ids(categories)):
        raise ValueError(f"not a message of the catalogue: {body}")
    republish_page(message=message, category_ids=categories, after=after)


def is_ids(value: Any) -> TypeGuard[list[int]]:
    return isinstance(value, list) and bool(value) and all(type(part) is int for part in value)
