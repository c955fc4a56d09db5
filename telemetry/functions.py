"""Each invocation of a function by a queue or the schedule as a piece of work."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from telemetry.work import work

Answer = TypeVar("Answer")
Function = Callable[[dict[str, Any], Any], Answer]


def observed(function: Function[Answer]) -> Function[Answer]:
    """Measure and log each call; the line has the answer and how many records there were."""

    @wraps(function)
    def measured(event: dict[str, Any], context: Any) -> Answer:
        request_id = getattr(context, "aws_request_id", None) or uuid.uuid4().hex
        with work(request_id, context) as done:
            done.endpoint = function.__name__
            done.fields = {"records": len(event.get("Records", ()))}
            answer = function(event, context)
            done.fields |= {"answer": answer, "failures": failures_of(answer)}
            return answer

    return measured


def failures_of(answer: Any) -> int:
    """How many records of a batch must come again."""
    return len(answer.get("batchItemFailures", ())) if isinstance(answer, dict) else 0
