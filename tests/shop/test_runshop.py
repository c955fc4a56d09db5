"""`make run`: a stand-in project shows the order of things without the shop's weight."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shop.laptop import kept_secret
from shop.localaws.install import ROOT

DEADLINE = 60.0  # seconds

LAUNCH = """
import sys
from pathlib import Path
from shop import launch, localaws

try:
    folder, project = Path(sys.argv[2]), Path(sys.argv[3])
    sys.exit(launch.Launch(port=int(sys.argv[1]), folder=folder, project=project).run())
except localaws.LocalAWSError as error:
    sys.exit(str(error))
"""

MANAGE = """
import os, signal, sys, threading
from pathlib import Path

if sys.argv[1] == "prepare_shop":
    print("prepared", os.environ["SHOP_ADMIN_PASSWORD"], os.environ["AWS_ENDPOINT_URL"], flush=True)
    sys.exit(Path("prepare-fails").exists())
assert sys.argv[1:3] == ["worker", "--function"]
asked = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: asked.set())
Path(f"{sys.argv[3]}-runs").write_text(str(os.getpid()))
asked.wait()
with open("ended", "a") as ended:
    print(sys.argv[3], file=ended)
"""

APPLICATION = """
import time
from pathlib import Path

def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        Path("slow-began").touch()
        while not Path("slow-may-end").exists():
            time.sleep(0.01)
    start_response("200 OK", [])
    return [b"open"]
"""


class Run:
    """`make run` in a process of its own, on the stand-in project."""

    def __init__(self, folder: Path):
        self.folder, self.project = folder / "local", folder / "project"
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None
        (self.project / "shop").mkdir(parents=True)
        (self.project / "manage.py").write_text(MANAGE)
        (self.project / "shop" / "__init__.py").touch()
        (self.project / "shop" / "local.py").write_text(APPLICATION)

    def start(self) -> str:
        """What it printed until it said how to stop it, or until it ended."""
        self.leave()
        self.process = subprocess.Popen(
            [sys.executable, "-c", LAUNCH, str(self.port), str(self.folder), str(self.project)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        printed = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            printed += line
            if "Ctrl-C" in line:
                break
        return printed

    def finish(self) -> tuple[int, str]:
        """Its exit code and the rest of what it printed, once it ended."""
        assert self.process is not None
        printed, _ = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode, printed

    def leave(self) -> None:
        """Kill it if it runs, and let go of what it printed."""
        if self.process is not None:
            with self.process:
                self.process.kill()

    def signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def get(self, path: str, timeout: float) -> bytes:
        url = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(url, timeout=timeout) as response:
            return bytes(response.read())

    def answers(self, timeout: float = 5) -> bool:
        with contextlib.suppress(OSError):
            return self.get("/", timeout) == b"open"
        return False

    def workers(self) -> list[int]:
        """The processes of the workers, once each said that it runs: shop's and jobs'."""
        files = [self.project / f"{name}-runs" for name in ("shop", "jobs")]
        wait_for(lambda: all(file.exists() and file.read_text() != "" for file in files))
        return [int(file.read_text()) for file in files]

    def workers_ended(self) -> list[str]:
        """In the order in which they did."""
        file = self.project / "ended"
        return file.read_text().split() if file.exists() else []


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    run = Run(tmp_path)
    yield run
    run.leave()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition) -> None:
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_runs_until_it_is_asked_to_stop(run: Run, number: int) -> None:
    printed = run.start()
    password = (run.folder / "admin-password").read_text()
    assert f"prepared {password} http://127.0.0.1:" in printed
    assert f"user admin, password {password}\n" in printed
    assert f"Admin       http://localhost:{run.port}/admin/\n" in printed
    kept = f"all but the sent mails is kept in {run.folder} for the next start"
    assert "Workers     shop: orders, mail-events; jobs: catalog\n" in printed
    assert printed.endswith(f"  Stop        Ctrl-C; {kept}\n")
    assert run.answers()
    run.workers()

    run.signal(number)

    code, printed = run.finish()
    assert (code, printed.splitlines()[-1]) == (0, "Stopped.")
    assert run.workers_ended() == ["jobs", "shop"]
    assert not run.answers()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_request_under_way_is_answered(run: Run, number: int) -> None:
    """GIVEN a request that takes a while WHEN the shop is stopped THEN it gets its answer first,
    the workers and the AWS are there till then, and nobody new is let in."""
    run.start()
    run.workers()
    with ThreadPoolExecutor(1) as pool:
        answered = pool.submit(run.get, "/slow", DEADLINE)
        wait_for((run.project / "slow-began").exists)
        run.signal(number)
        wait_for(lambda: not run.answers(timeout=0.5))
        assert run.workers_ended() == []
        (run.project / "slow-may-end").touch()
        assert answered.result() == b"open"
    assert run.finish()[0] == 0
    assert run.workers_ended() == ["jobs", "shop"]


def test_secrets_are_kept_and_private(run: Run) -> None:
    names = ("secret-key", "admin-password", "customer-password")
    first = run.start()
    secrets = [(run.folder / name).read_text() for name in names]
    run.signal(signal.SIGTERM)
    run.finish()
    second = run.start()
    assert [(run.folder / name).read_text() for name in names] == secrets
    assert all(secrets[1] in printed for printed in (first, second))
    for name in (*names, "env"):
        assert (run.folder / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("place", "name"), [(0, "shop"), (1, "jobs")])
def test_a_process_that_dies_ends_all(run: Run, place: int, name: str) -> None:
    run.start()
    os.kill(run.workers()[place], signal.SIGKILL)
    code, printed = run.finish()
    assert code == 1
    assert f"The {name} worker ended by itself (code -9)" in printed
    assert not run.answers()


def test_killing_it_ends_all(run: Run) -> None:
    run.start()
    run.workers()
    run.signal(signal.SIGKILL)
    wait_for(lambda: len(run.workers_ended()) == 2 and not run.answers())
    assert f"http://localhost:{run.port}" in run.start()  # and the next start works


def test_failing_to_prepare_ends_it(run: Run) -> None:
    (run.project / "prepare-fails").touch()
    assert "The shop could not be prepared; the reason is above." in run.start()
    assert run.finish()[0] == 1


def test_a_taken_port_is_named(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", run.port))
        taken.listen()
        assert f"Port {run.port} on 127.0.0.1 cannot be used" in run.start()
        assert run.finish()[0] == 1


def test_a_second_run_in_the_folder_is_refused(run: Run, tmp_path: Path) -> None:
    run.start()
    other = Run(tmp_path / "other")
    other.folder = run.folder
    assert "The shop already runs from this folder" in other.start()
    assert other.finish()[0] == 1
    assert run.answers()


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    made = kept_secret(tmp_path / "key", 50)
    assert len(made) == 67  # 50 bytes as base64
    assert kept_secret(tmp_path / "key", 50) == made
