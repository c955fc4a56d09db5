"""One side of a comparison, in a process of its own that stays warm between its blocks."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Self

WARM_UP = 30  # operations before anything counts


class Subject:
    """Runs operations on demand and says what CPU they took; a context manager."""

    def __init__(self, side: str, environment: Mapping[str, str], python: str = sys.executable):
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed on the way out
        self.process = subprocess.Popen(
            [python, "-m", "benchmarks.worker", side],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        with self.log, suppress(BrokenPipeError), self.process:
            self.process.terminate()

    def ask(self, **request: Any) -> Any:
        """Raises RuntimeError with what the process said last, where it ended without an answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        line = ""
        with suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        if not line:
            self.log.seek(0)
            raise RuntimeError(f"{self.process.args!r} ended:\n{self.log.read()[-2000:]}")
        return json.loads(line)

    def answer(self) -> list[str]:
        """What one operation delivers, as far as both sides must agree on it."""
        slugs: list[str] = self.ask(do="answer")
        return slugs

    def calls(self) -> list[list[Any]]:
        """Operation, index and units of each call to DynamoDB that one operation makes."""
        made: list[list[Any]] = self.ask(do="calls")
        return made

    def warm(self, block: int) -> Callable[[], float]:
        """`run(block)` for later, once the first operations are over."""
        self.run(WARM_UP)
        return partial(self.run, block)

    def run(self, times: int) -> float:
        """Milliseconds of CPU of one operation, over so many in a row."""
        return 1000 * float(self.ask(do="run", times=times)) / times

    def profile(self, times: int) -> str:
        """cProfile's table of so many operations, by own time."""
        return str(self.ask(do="profile", times=times))
