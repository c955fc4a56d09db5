"""Starting and stopping ministack."""

import contextlib
import fcntl
import os
import shutil
import socket
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO, Self

from shop.localaws.environment import BUCKET, REGION, aws_environment
from shop.localaws.errors import LocalAWSError
from shop.localaws.install import ministack_python
from shop.localaws.processes import Child

HOST = "127.0.0.1"
START_DEADLINE = 60.0  # seconds
STOP_DEADLINE = 120.0  # seconds: all state is written on the way out
POLL = 0.05  # seconds

# ministack logs these and goes on empty; at its end it would then save over the old state.
UNREADABLE = (
    "Persistence: failed to load",
    "refusing to load",
    "Failed to restore persisted state",
    "Failed to load persisted S3 data",
)
UNSAVED = ("Persistence: failed to save", "Persistence: error getting state")


class LocalAWS:
    """ministack on loopback; a context manager.

    `state_dir` keeps everything between runs (written when it stops); without one it
    starts empty and forgets all. `port` None takes a free one.
    """

    def __init__(self, state_dir: Path | None = None, port: int | None = None):
        self.keeps_state = state_dir is not None
        self.wanted_dir, self.wanted_port = state_dir, port
        self.child: Child | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "ministack.log"

    def environment(self, bucket: str = BUCKET) -> dict[str, str]:
        """The environment variables that lead the shop here."""
        return {
            **aws_environment(self.endpoint),
            "SHOP_IMAGE_BUCKET": bucket,
            "SHOP_IMAGE_BASE_URL": f"{self.endpoint}/{bucket}/",
        }

    def start(self) -> Self:
        """Return when it answers. `LocalAWSError` says what to do when it cannot."""
        python = ministack_python()
        self.port = choose_port(self.wanted_port)
        self.folder = (self.wanted_dir or Path(tempfile.mkdtemp(prefix="local-aws-"))).absolute()
        (self.folder / "tmp").mkdir(parents=True, exist_ok=True)
        self.lock = lock_folder(self.folder)
        try:
            self.launch(python)
            self.wait_until_ready()
            self.check_state()
        except BaseException:
            self.abandon()
            raise
        return self

    def launch(self, python: str) -> None:
        with self.log.open("wb") as output:
            self.child = Child(
                "local AWS",
                ["ministack"],
                env=self.server_environment(),
                cwd=self.folder,
                python=python,
                output=output,
                # ministack holds the lock too: it may still be saving when its starter
                # was killed, and the next start must wait for that.
                keep_open=[self.lock.fileno()],
            )

    def server_environment(self) -> dict[str, str]:
        keep = "1" if self.keeps_state else "0"
        inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return inherited | {
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": keep,
            "S3_PERSIST": keep,
            "STATE_DIR": str(self.folder / "services"),
            "S3_DATA_DIR": str(self.folder / "s3"),
            "TMPDIR": str(self.folder / "tmp"),
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "LAMBDA_EXECUTOR": "local",
            "PYTHONUNBUFFERED": "1",
        }

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_DEADLINE
        while status_of(f"{self.endpoint}/_ministack/health") != 200:
            if not self.running:
                raise LocalAWSError(f"The local AWS ended while starting. {self.last_words()}")
            if time.monotonic() > deadline:
                raise LocalAWSError(
                    f"The local AWS did not answer on {self.endpoint} within "
                    f"{START_DEADLINE:.0f} seconds. {self.last_words()}"
                )
            time.sleep(POLL)

    def check_state(self) -> None:
        if fault := self.logged(UNREADABLE):
            raise LocalAWSError(
                f"The state of the local AWS in {self.folder} cannot be read:\n  {fault}\n"
                "Nothing in it was changed. Move that folder away to start afresh."
            )

    def logged(self, marks: tuple[str, ...]) -> str:
        """The first line of its log that holds one of `marks`, or nothing."""
        lines = self.log.read_text(errors="replace").splitlines()
        return next((line for line in lines if any(mark in line for mark in marks)), "")

    @property
    def running(self) -> bool:
        return self.child is not None and self.child.returncode is None

    def last_words(self, lines: int = 15) -> str:
        """The end of its log, for an error message."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        tail = "\n".join(f"  {line}" for line in text.splitlines()[-lines:])
        return f"The end of {self.log}:\n{tail}"

    def stop(self) -> None:
        """Ask it to save its state and end, and wait for that. A second call does nothing."""
        if self.child is None:
            return
        child, self.child = self.child, None
        ended_early = child.returncode is not None
        ended_in_time = child.stop(STOP_DEADLINE)
        if ended_early:
            fault = "ended by itself"
        elif not ended_in_time:
            fault = f"did not end within {STOP_DEADLINE:.0f} seconds"
        else:
            fault = self.logged(UNSAVED) and "could not save all of its state"
        words = self.last_words()
        self.clean_up()
        if fault and self.keeps_state:
            raise LocalAWSError(
                f"The local AWS {fault}: what changed since its start may be lost. {words}"
            )

    def abandon(self) -> None:
        """End it at once, without letting it save."""
        if self.child is not None:
            self.child.kill()
            self.child = None
        self.clean_up()

    def clean_up(self) -> None:
        self.lock.close()
        if not self.keeps_state:
            shutil.rmtree(self.folder, ignore_errors=True)


def choose_port(wanted: int | None) -> int:
    """`wanted` if it is free, or any free port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted or 0))
        except OSError as error:
            raise LocalAWSError(
                f"Port {wanted} on {HOST} cannot be used ({error.strerror}). Stop the program "
                f"that holds it (`lsof -i :{wanted}` names it), or choose another port."
            ) from error
        return int(probe.getsockname()[1])


def lock_folder(folder: Path) -> IO[str]:
    """Take the folder for this process; `LocalAWSError` if another run has it.

    A run that was killed leaves its emulator saving for a moment: that is waited for.
    """
    lock = (folder / "lock").open("a+")
    deadline = time.monotonic() + STOP_DEADLINE
    while True:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        owner = (folder / "lock").read_text().strip()
        if alive(owner) or time.monotonic() > deadline:
            lock.close()
            raise LocalAWSError(
                f"The shop already runs from this folder (process {owner or 'unknown'} uses "
                f"{folder}). Use that one, or stop it first."
            )
        time.sleep(POLL)
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def status_of(url: str) -> int | None:
    """The status that a GET of `url` gives, None while nobody answers."""
    try:
        # The addresses are our own: no scheme but http comes here.
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return None
