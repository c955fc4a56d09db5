"""Rows for indexes with several attributes a key, and what is asked of these, in words."""

from collections.abc import Callable
from typing import Any

from tests.dynamodb.sent import requests

PAGES, COUNTRIES = ("about", "home", "shop"), ("at", "de")
ROWS: list[dict[str, Any]] = [
    {
        "number": n, "site": f"S{n % 2}", "page": PAGES[n // 2 % 3], "day": n // 6 % 5,
        "hour": n // 30, "country": COUNTRIES[n % 7 % 2], "browser": (None, "fox", "ice")[n % 3],
    }
    for n in range(120)
]  # fmt: skip


def asked(run: Callable[[], Any]) -> tuple[Any, list[str]]:
    """What `run` gives, and each request in words: how many rows at most, by which index, which."""
    with requests() as sent:
        found = run()
    return found, [in_words(operation, params) for operation, params in sent]


def in_words(operation: str, params: dict[str, Any]) -> str:
    if operation != "Query":
        return operation
    text = params["KeyConditionExpression"]
    values = params["ExpressionAttributeValues"].items()
    shown = {name: next(iter(value.values())) for name, value in values}
    for name, meant in {**params["ExpressionAttributeNames"], **shown}.items():
        text = text.replace(name, meant)
    order = "" if params["ScanIndexForward"] else " descending"
    limit = f"{params['Limit']} of " if "Limit" in params else ""
    return f"{limit}{params['IndexName']}: {text}{order}"


def numbers(queryset: Any) -> list[int]:
    return list(queryset.values_list("number", flat=True))


def by_python(*order: str, **equal: Any) -> list[int]:
    """The rows with these values, in this order."""
    rows = [row for row in ROWS if all(row[name] in value for name, value in equal.items())]
    for term in reversed(order):
        rows.sort(key=lambda row: row[term.lstrip("-")], reverse=term.startswith("-"))
    return [row["number"] for row in rows]
