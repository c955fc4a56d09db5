"""Child processes that are stopped in order, and that never outlive their starter."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

LEASH = Path(__file__).with_name("leash.py")


class Child:
    """A Python module in a process of its own.

    It runs in its own session, so that Ctrl-C in the terminal reaches only the
    starter, who stops the children in order; and on a leash (see leash.py).
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        python: str = sys.executable,
        output: IO[bytes] | None = None,
        keep_open: Sequence[int] = (),
    ):
        self.name = name
        reading, self.leash = os.pipe()
        try:
            self.process = subprocess.Popen(
                [python, str(LEASH), str(reading), *command],
                env=dict(env),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output and subprocess.STDOUT,
                pass_fds=[reading, *keep_open],
                start_new_session=True,
            )
        finally:
            os.close(reading)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def returncode(self) -> int | None:
        """The exit code, or None while it runs."""
        return self.process.poll()

    def stop(self, patience: float) -> bool:
        """SIGTERM, and SIGKILL after `patience` seconds. False if it had to be killed."""
        self.process.terminate()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        self.release()
        return True

    def kill(self) -> None:
        """SIGKILL to it and to whatever it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()
        self.release()

    def release(self) -> None:
        """Let go of the leash of an ended process."""
        if self.leash >= 0:
            os.close(self.leash)
            self.leash = -1
