"""Indexes that are behind their tables, as DynamoDB's are for moments."""

from typing import Any

import pytest

from dynamodb.client.client import Client


def lag_behind(monkeypatch: pytest.MonkeyPatch, *keys: str | int) -> None:
    """From now on no index tells of the items with these SKUs or ids; by key they are found."""
    call, hidden = Client.call, set(map(str, keys))

    def behind(self: Client, operation: str, params: dict[str, Any], **options: Any) -> Any:
        answer = call(self, operation, params, **options)
        if "IndexName" not in params:
            return answer
        items = [item for item in answer["Items"] if key_of(item) not in hidden]
        return {**answer, "Items": items, "Count": len(items)}

    monkeypatch.setattr(Client, "call", behind)


def stay_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on an index answers a question as it did the first time."""
    call, told = Client.call, dict[str, Any]()

    def behind(self: Client, operation: str, params: dict[str, Any], **options: Any) -> Any:
        if "IndexName" not in params:
            return call(self, operation, params, **options)
        question = repr((operation, params))
        if question not in told:
            told[question] = call(self, operation, params, **options)
        return told[question]

    monkeypatch.setattr(Client, "call", behind)


def key_of(item: dict[str, Any]) -> str:
    """Of a variant, or whatever else has an id."""
    key = item["sku"] if "sku" in item else item["id"]
    return str(next(iter(key.values())))
