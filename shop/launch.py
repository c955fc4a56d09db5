"""Starting everything in order, watching it, and stopping it in the other order."""

import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from shop.functions import FUNCTIONS
from shop.laptop import ADMIN, CUSTOMER, passwords, shop_environment, write_environment
from shop.localaws import LocalAWS, LocalAWSError
from shop.localaws.install import LOCAL, ROOT
from shop.localaws.processes import Child
from shop.localaws.server import HOST, choose_port, status_of

DEADLINE = 60.0  # seconds until the shop must answer
STOP_PATIENCE = 40.0  # seconds; over gunicorn's own 30 for requests under way
POLL = 0.2  # seconds
THREADS, WORKERS = 32, 2
# Asked to end: Ctrl-C, kill, and a terminal that was closed.
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

STARTED = """
  The shop    {url}/
  API         {url}/api/v1/
  API docs    {url}/api/v1/docs/
  Admin       {url}/admin/
                user {admin}, password {admin_password}
  A customer    user {customer}, password {customer_password}
  Mails sent  {endpoint}/_ministack/ses/messages
  Workers     {workers}

  manage.py   set -a; . {env}; set +a; {python} manage.py ...
  Stop        Ctrl-C; all but the sent mails is kept in {folder} for the next start
"""


class Stopped(Exception):
    """Somebody asked for the end: one of SIGNALS came."""


class Launch:
    """One run of the shop on a laptop, its data in `folder`."""

    def __init__(
        self, *, port: int, sample: bool = True, folder: Path = LOCAL, project: Path = ROOT
    ):
        self.port, self.sample = port, sample
        self.folder, self.project = folder, project
        self.children: list[Child] = []

    def run(self) -> int:
        """Until it is stopped (0) or one of its processes ends by itself (1)."""
        for number in SIGNALS:
            signal.signal(number, self.on_signal)
        choose_port(self.port)
        self.folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as running:
            code = self.supervise(running)
        say("Stopped.")
        return code

    def supervise(self, running: ExitStack) -> int:
        try:
            self.start(running)
            return self.watch()
        except Stopped:
            say("\nStopping: requests under way, the workers, then the AWS with its data ...")
            return 0

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """Ask for the end once; asked again, the orderly end goes on."""
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    def start(self, running: ExitStack) -> None:
        aws = LocalAWS(self.folder / "aws-state")
        say("Starting the local AWS ...")
        running.callback(aws.stop)
        aws.start()
        self.aws = aws
        self.passwords = passwords(self.folder)
        self.env = shop_environment(self.folder, aws.environment())
        self.prepare()
        for function in FUNCTIONS:
            command = ["manage", "worker", "--function", function]
            self.spawn(running, f"{function} worker", command)
        self.spawn(running, "server", self.server_command())
        self.wait_for_answer()
        if self.ended() is None:
            self.announce()

    def prepare(self) -> None:
        """Tables, queues, sample catalogue, users."""
        say("Preparing tables, queues and the catalogue ...")
        secrets = {
            "SHOP_ADMIN_PASSWORD": self.passwords[ADMIN],
            "SHOP_CUSTOMER_PASSWORD": self.passwords[CUSTOMER],
        }
        command = ["manage", "prepare_shop", *([] if self.sample else ["--no-sample"])]
        child = Child("prepare_shop", command, env=self.env | secrets, cwd=self.project)
        try:
            code = child.process.wait()
        finally:
            child.stop(STOP_PATIENCE)
        if code:
            raise LocalAWSError("The shop could not be prepared; the reason is above.")

    def server_command(self) -> Sequence[str]:
        return [
            *("gunicorn", "shop.local:application", "--bind", f"{HOST}:{self.port}"),
            *("--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS)),
            *("--log-level", "warning", "--no-control-socket"),
        ]

    def spawn(self, running: ExitStack, name: str, command: Sequence[str]) -> None:
        child = Child(name, command, env=self.env, cwd=self.project)
        self.children.append(child)
        running.callback(self.end, child)

    def end(self, child: Child) -> None:
        if not child.stop(STOP_PATIENCE):
            say(f"The {child.name} did not end in {STOP_PATIENCE:.0f} seconds and was killed.")

    def wait_for_answer(self) -> None:
        url, deadline = f"http://{HOST}:{self.port}/api/v1/health/", time.monotonic() + DEADLINE
        while (status := status_of(url)) is None and self.ended() is None:
            if time.monotonic() > deadline:
                raise LocalAWSError(f"The shop does not answer within {DEADLINE:.0f} seconds.")
            time.sleep(POLL)
        if status not in {200, None}:  # None: a process ended, and watch() tells which
            raise LocalAWSError(f"{url} answers {status}; the reason is above.")

    def announce(self) -> None:
        say(
            STARTED.format(
                url=f"http://localhost:{self.port}",
                endpoint=self.aws.endpoint,
                workers=workers(),
                admin=ADMIN,
                admin_password=self.passwords[ADMIN],
                customer=CUSTOMER,
                customer_password=self.passwords[CUSTOMER],
                env=shown(write_environment(self.folder, self.aws.environment())),
                python=shown(Path(sys.executable)),
                folder=shown(self.folder),
            )
        )

    def ended(self) -> Child | None:
        """A process that ended without being asked to."""
        mine = [*self.children, *([self.aws.child] if self.aws.child else [])]
        return next((child for child in mine if child.returncode is not None), None)

    def watch(self) -> int:
        while (child := self.ended()) is None:
            time.sleep(POLL)
        say(f"\nThe {child.name} ended by itself (code {child.returncode}); stopping the rest ...")
        return 1


def workers() -> str:
    """Each with the queues that it polls."""
    return "; ".join(f"{name}: {', '.join(each.queues)}" for name, each in FUNCTIONS.items())


def shown(path: Path) -> str:
    """A path as short as it can be typed from here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def say(text: str) -> None:
    print(text, flush=True)
