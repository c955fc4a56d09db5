"""What is done with an app: functions of its folder's `operations`, in their order, whose answers
are the same wherever the rows are kept.

An answer is made of JSON's values. It holds no automatic primary key, time or token.
"""

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

Operation = Callable[[], Any]
OPERATIONS: list[Operation] = []

HIDDEN = re.compile(r"<(script|style|svg)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL)
VARYING = {
    "N": re.compile(r"\b\d{12,}\b"),
    "DATE": re.compile(
        r"\b[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}(, (\d{1,2}(:\d{2})? [ap]\.m\.|noon))?"
    ),
    "TIME": re.compile(r"\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?"),
}


def operation(function: Operation) -> Operation:
    """The function is one of the recorded set."""
    OPERATIONS.append(function)
    return function


def answer_of(run: Operation) -> Any:
    """What it answers, or what it raises."""
    try:
        return run()
    except Exception as error:
        return {"raises": f"{type(error).__name__}: {error}"}


def page(response: Any) -> list[Any]:
    """Status, where it leads, and the words that a reader sees."""
    return [response.status_code, path_of(response.get("Location", "")), words(response)]


def words(response: Any) -> str:
    text = html.unescape(HIDDEN.sub(" ", response.content.decode()))
    for name, pattern in VARYING.items():
        text = pattern.sub(name, text)
    return " ".join(text.split())


def path_of(location: str) -> str:
    """A path without the keys in it."""
    return re.sub(r"\d+", "N", urlsplit(location).path)
