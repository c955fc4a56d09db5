"""Servers that speak DynamoDB: the run's own, and dynoxide where npm can fetch it."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shop.localaws.install import LOCAL
from tests import local_aws

PACKAGE, VERSION = "@dynoxide/linux-x64", "1.2.1"
FOLDER = LOCAL / "dynoxide"
PATIENCE = 10.0  # seconds until it listens


class Unavailable(Exception):
    """The server cannot be had here; the message says why."""


@contextmanager
def ministack() -> Iterator[str]:
    """The endpoint of the run's local AWS."""
    yield os.environ[local_aws.ENDPOINT]


@contextmanager
def dynoxide() -> Iterator[str]:
    """The endpoint of a dynoxide that starts empty and forgets all. Raises Unavailable."""
    port = free_port()
    command = [str(dynoxide_binary()), "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def dynoxide_binary() -> Path:
    """The program, installed by npm the first time. Raises Unavailable."""
    binary = FOLDER / VERSION / "node_modules" / PACKAGE / "dynoxide"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several workers may want it at once
        if not binary.exists():
            install(FOLDER / VERSION)
    return binary


def install(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise Unavailable("dynoxide is not tried: there is no npm to install it with.")
    command = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund"]
    done = subprocess.run(
        [*command, f"{PACKAGE}@{VERSION}"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unavailable(f"dynoxide is not tried: npm said {done.stderr.strip()[-500:]}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise Unavailable(f"dynoxide is not tried: it did not listen within {PATIENCE:.0f} s.")


SERVERS = {"ministack": ministack, "dynoxide": dynoxide}
# Takes and describes indexes with several attributes a key, and then knows one of each: it keeps
# the order of the first, and refuses its own keys of a next page.
PRETENDING = {"dynoxide"}
