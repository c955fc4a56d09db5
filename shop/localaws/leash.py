"""Run a Python module that ends when its starter ends, even when that was killed.

    python leash.py <fd> <module> [arguments]

`fd` is the reading end of a pipe whose writing end only the starter holds. When the
starter is gone the pipe reads as ended, and the process sends itself SIGTERM: it
shuts down as if it had been asked to. Standard library only, since it also runs in
the emulator's environment; a pipe rather than prctl, since macOS has no prctl.
"""

import os
import runpy
import signal
import sys
import threading
from pathlib import Path


def end_with_starter(fd: int) -> None:
    os.read(fd, 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    pipe, module = int(sys.argv[1]), sys.argv[2]
    sys.argv = sys.argv[2:]
    sys.path[0] = str(Path.cwd())
    threading.Thread(target=end_with_starter, args=(pipe,), daemon=True).start()
    runpy.run_module(module, run_name="__main__", alter_sys=True)
