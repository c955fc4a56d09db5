"""A batch has the time that its call has, whichever function it is."""

from typing import Any

import pytest

from dynamodb.patience import deadline, time_left
from outbox.records import consume_records

EVENT = {"Records": [{"messageId": name, "body": "{}"} for name in "ab"]}
MUCH = 10_000.0


class Context:
    """Lambda's, of a call with so many seconds left."""

    def __init__(self, seconds: float):
        self.seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return round(1000 * self.seconds)


def left_in_handlers(context: Any) -> list[float]:
    """The seconds that each record's handler found left, at most MUCH."""
    found: list[float] = []
    assert consume_records(EVENT, lambda _: found.append(time_left(MUCH)), context) == {
        "batchItemFailures": []
    }
    return found


@pytest.mark.parametrize("seconds", [30.0, 900.0])
def test_by_lambda_s_own_clock(seconds: float) -> None:
    """Less five seconds, in which it says what it has done."""
    for left in left_in_handlers(Context(seconds)):
        assert seconds - 6 < left <= seconds - 5


def test_where_nobody_ends_the_call() -> None:
    assert left_in_handlers(None) == [MUCH, MUCH]


def test_an_earlier_deadline_stays() -> None:
    with deadline(1.0):
        assert max(left_in_handlers(Context(900.0))) <= 1.0


@pytest.mark.parametrize("seconds", [5.0, 1.0])
def test_what_there_is_no_time_for_is_not_begun(
    seconds: float, caplog: pytest.LogCaptureFixture
) -> None:
    """It comes again, and is no error."""
    begun: list[Any] = []
    answer = consume_records(EVENT, begun.append, Context(seconds))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "b"}]}
    assert begun == []
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert caplog.messages[0] == "Record a was not processed: the call has no time left"
