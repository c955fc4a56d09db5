"""The process of one side: `python -m benchmarks.worker <side>`, requests as JSON lines.

Imports nothing but the standard library by itself: the peer's environment has no other package of
ours.
"""

import cProfile
import io
import json
import os
import pstats
import sys
import time
from typing import Any

from benchmarks.peers.sides import PEER_SIDES
from benchmarks.sides import SIDES, Side

TOP = 25  # lines of a profile


def main() -> None:
    # What the sides print themselves must not come between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    side = (SIDES | PEER_SIDES)[sys.argv[1]]()
    for line in sys.stdin:
        answers.write(json.dumps(ANSWERS[(request := json.loads(line)).pop("do")](side, **request)))
        answers.write("\n")
        answers.flush()


def answer(side: Side) -> list[str]:
    side.prepare(1)
    return side.slugs(side.operation())


def calls(side: Side) -> list[tuple[str, str | None, float]]:
    """Operation, index and units of the calls to DynamoDB: of the ORM's sides only."""
    from dynamodb.calls import record

    with record() as made:
        side.operation()
    return [(call.operation, call.index, call.units) for call in made]


def run(side: Side, times: int) -> float:
    """Seconds of this process's CPU, all its threads together."""
    operation = side.operation
    side.prepare(times)
    started = time.process_time()
    for _ in range(times):
        operation()
    return time.process_time() - started


def profile(side: Side, times: int) -> str:
    """cProfile's table in seconds of CPU: waiting for an answer is not in it."""
    side.prepare(times)
    profiler = cProfile.Profile(time.process_time)
    profiler.enable()
    for _ in range(times):
        side.operation()
    profiler.disable()
    table = io.StringIO()
    pstats.Stats(profiler, stream=table).strip_dirs().sort_stats("tottime").print_stats(TOP)
    return table.getvalue()


ANSWERS: dict[str, Any] = {"answer": answer, "calls": calls, "run": run, "profile": profile}

if __name__ == "__main__":
    main()
