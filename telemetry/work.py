"""One piece of work: a request, a batch of a queue or a tick of the schedule.

It ends with one line in the log, which carries its metrics where they are on.
"""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings

from dynamodb.calls import Call, record
from telemetry.context import current_fields, log_fields
from telemetry.costs import estimated_cost
from telemetry.metrics import Metric, Values, collect, embedded, numbers
from telemetry.tracing import Span, current_trace, send_trace

logger = logging.getLogger("telemetry.work")
cold_start = iter((True,))  # for the first invocation of this process


@dataclass
class Work:
    """What whoever does it knows at the end: its kind, out of a fixed set; a few fields for
    the line; how many requests at the gateway it answered."""

    endpoint: str = "unknown"
    failed: bool = False
    requests: int = 0
    fields: dict[str, Any] = field(default_factory=dict)

    def sentence(self) -> tuple[str, str]:
        """What it was, and how it ended, in words."""
        method, failures = self.fields.get("method", ""), self.fields.get("failures")
        named = self.endpoint if self.endpoint.startswith(method) else f"{method} {self.endpoint}"
        if failures:
            return named, f"done, {failures} of {self.fields['records']} failed,"
        return named, str(self.fields.get("status") or ("failed" if self.failed else "done"))


@contextmanager
def work(request_id: str, context: Any = None) -> Iterator[Work]:
    """Measure what this thread does in the block, and tell of it in one line.

    All of its lines carry `request_id` and, by Lambda's `context`, what Lambda calls it.
    """
    trace = current_trace()
    given: dict[str, Any] = {"request_id": request_id}
    if context is not None:
        given["invocation_id"] = context.aws_request_id
        given["cold_start"] = next(cold_start, False)
    if trace:
        given["trace_id"] = trace.root
    done, started, clock = Work(), time.time(), time.perf_counter()
    with (
        log_fields(**given),
        collect() as values,
        record() as calls,
    ):
        try:
            yield done
        except BaseException:
            done.failed = True
            raise
        finally:
            ms = 1000 * (time.perf_counter() - clock)
            tell(done, values, calls, ms)
            if trace and trace.sampled:
                annotations = {"request_id": request_id}
                span = Span(done.endpoint, started, time.time(), done.failed, annotations)
                send_trace(trace, span, calls)


def tell(done: Work, values: Values, calls: list[Call], ms: float) -> None:
    """The line of a work that has ended."""
    measure(done, values, calls, ms)
    fields = {"Endpoint": done.endpoint, **done.fields, **numbers(values)}
    if settings.METRICS:
        fields |= embedded(values, stage=settings.STAGE, at=time.time())
    if logger.isEnabledFor(logging.INFO):
        units = values[Metric.CAPACITY_UNITS][0]
        named, outcome = done.sentence()
        text = f"{named} {outcome} in {ms:.1f} ms; DynamoDB calls {len(calls)}, units {units:g}"
        # As `logger.info` does, which first walks the stack for a line's place in the code.
        line = logging.LogRecord(logger.name, logging.INFO, __file__, 0, text, (), None)
        line.fields = fields
        logger.handle(line)


@cache
def memory_size() -> int:
    """Of this function, in MB."""
    return int(os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "0"))


def measure(done: Work, values: Values, calls: list[Call], ms: float) -> None:
    """Add what every work is measured by to what was counted in it."""
    cost = estimated_cost(calls, ms=ms, memory=memory_size(), requests=done.requests)
    values[Metric.LATENCY] = [round(ms, 2)]
    values[Metric.DYNAMODB_CALLS] = [len(calls)]
    values[Metric.CAPACITY_UNITS] = [sum(call.units for call in calls)]
    values[Metric.COST_ESTIMATE] = [round(cost, 9)]
    if current_fields().get("cold_start"):
        values[Metric.COLD_STARTS] = [1]
