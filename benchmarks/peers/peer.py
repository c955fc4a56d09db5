"""The peer: installed, its tables made and filled, and taken away again."""

import os
import subprocess
import uuid
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from benchmarks.peers.database import title
from benchmarks.subject import Subject
from shop.localaws.install import LOCAL, ROOT
from tests.thirdparty.environment import python_with

REQUIREMENTS = ROOT / "requirements-peers.txt"
URL = "PEERS_DATABASE_URL"


def python_of_peer() -> str:
    """Its interpreter, installed when that was not yet done. Raises ThirdPartyError."""
    return python_with(REQUIREMENTS, LOCAL / "peers")


def database_of_peer() -> str:
    """ "SQLite" or "PostgreSQL". Raises ValueError where PEERS_DATABASE_URL names another."""
    return title(os.environ.get(URL, ""))


class Peer:
    """A context manager, with so many products; SQLite's file is in `folder`."""

    def __init__(self, folder: Path, *, products: int):
        self.python = python_of_peer()
        self.products = products
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "benchmarks.peers.settings",
            "BENCH_PEER_FILE": str(folder / "peer.sqlite3"),
            "BENCH_PEER_SCHEMA": f"bench_peer_{uuid.uuid4().hex[:12]}",
        }

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.callback(self.catalogue, "drop")
            self.catalogue("load", str(self.products))
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self.stack.close()

    def catalogue(self, *arguments: str) -> None:
        command = [self.python, "-m", "benchmarks.peers.catalogue", *arguments]
        subprocess.run(command, env=self.environment, check=True)

    def subject(self, side: str) -> Subject:
        return Subject(side, self.environment, self.python)
