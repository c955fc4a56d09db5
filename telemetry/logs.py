"""Log lines: one JSON object each for machines, a sentence for people."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

import orjson

from telemetry.context import current_fields

# Whoever refuses a mail or a row names the address in the error.
MAIL_ADDRESS = re.compile(
    r"(?<![^\s\"'<>:,;()\[\]=@])[^\s\"'<>:,;()\[\]=@]++@[\w-]++(?:\.[\w-]++)++"
)


class JSONFormatter(logging.Formatter):
    """`{"time", "level", "logger", "message"}`, the fields of the work under way, those given
    as `extra={"fields": {...}}`, and `exception` with the traceback."""

    def __init__(self) -> None:
        super().__init__()
        # No line names a thread or a process: logging need not look them up for each
        # (https://docs.python.org/3/howto/logging.html#optimization).
        logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname,
            "logger": record.name,
            "message": without_addresses(record.getMessage()),
            **current_fields(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = without_addresses(self.formatException(record.exc_info))
        try:
            return orjson.dumps(line, default=str, option=orjson.OPT_UTC_Z).decode()
        except TypeError:  # half a character, a number beyond 64 bits
            return json.dumps(line, default=str)


class LineFormatter(logging.Formatter):
    """The same for people: a line, and at its end the ids of the request and the order."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        known = current_fields()
        ids = " ".join(str(known[name]) for name in ("request_id", "order") if name in known)
        return super().formatMessage(record) + (f" [{ids}]" if ids else "")


def without_addresses(text: str) -> str:
    """The text, its mail addresses taken out: customers' do not belong in logs."""
    return MAIL_ADDRESS.sub("[address]", text) if "@" in text else text
