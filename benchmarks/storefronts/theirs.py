"""Vercel Commerce, built already in a folder, with the stub of Shopify behind it.

It is in no package registry, and nothing here fetches or builds it: a folder that has not been
built is said to be skipped. It has to be built with Shopify at the stub's address.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.storefronts.stub import ADDRESS, stub
from shop.localaws.server import HOST, choose_port, status_of

PATHS = {"home": "/", "category": "/search/kitchen", "product": "/product/harbour-mug"}
NEXT = Path("node_modules/next/dist/bin/next")
BUILT = Path(".next/BUILD_ID")
DEADLINE, PATIENCE, POLL = 60.0, 10.0, 0.2  # seconds


class NotThere(Exception):
    """There is nothing to compare with, and why."""


@contextmanager
def their_site(folder: Path) -> Iterator[str]:
    """Where it is found. Raises NotThere."""
    node = shutil.which("node")
    if node is None:
        raise NotThere("There is no Node.js.")
    if not (folder / BUILT).exists():
        raise NotThere(f"{folder} has no Vercel Commerce that was built with Shopify at {ADDRESS}.")
    port = choose_port(None)
    command = [node, str(NEXT), "start", "--hostname", HOST, "--port", str(port)]
    with stub(), group(command, folder) as process:
        wait_for(f"http://{HOST}:{port}/", process)
        yield f"http://localhost:{port}"


@contextmanager
def group(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with all that it started. It tells nobody of its use."""
    environment = {**os.environ, "NEXT_TELEMETRY_DISABLED": "1"}
    with (folder.parent / f"{folder.name}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(PATIENCE)
    with suppress(ProcessLookupError):  # what did not listen
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + DEADLINE
    while status_of(address) != 200:
        if process.poll() is not None or time.monotonic() > deadline:
            raise NotThere("Vercel Commerce does not answer; the log beside its folder says why.")
        time.sleep(POLL)


def version_of(folder: Path) -> str:
    """The commit, where the folder is a clone."""
    if not (folder / ".git").exists():
        return "of an unknown commit"
    command = ["git", "-C", str(folder), "log", "-1", "--format=%h %cs"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()
