"""The peer's tables are there for as long as they are measured."""

import subprocess
from pathlib import Path

import pytest

from benchmarks.peers import peer
from benchmarks.peers.peer import Peer

ASKED = '#!/bin/sh\necho "$2 $3 $4" >> "$(dirname "$0")/asked"\n'


def python(folder: Path, ending: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In place of the peer's interpreter one that notes what it is to run; its notes."""
    made = folder / "python"
    made.write_text(ASKED + ending)
    made.chmod(0o755)
    monkeypatch.setattr(peer, "python_of_peer", lambda: str(made))
    return folder / "asked"


def test_what_was_made_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = python(tmp_path, "", monkeypatch)
    with Peer(tmp_path, products=60):
        assert asked.read_text() == "benchmarks.peers.catalogue load 60\n"
    assert asked.read_text().splitlines()[1:] == ["benchmarks.peers.catalogue drop "]


def test_also_what_was_made_by_halves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN a load that fails THEN that is said, and nothing of it stays in the database."""
    asked = python(tmp_path, 'test "$3" = drop\n', monkeypatch)
    with pytest.raises(subprocess.CalledProcessError), Peer(tmp_path, products=60):
        pass
    assert asked.read_text().splitlines() == [
        "benchmarks.peers.catalogue load 60",
        "benchmarks.peers.catalogue drop ",
    ]


def test_two_runs_in_one_database_have_a_schema_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python(tmp_path, "", monkeypatch)
    schemas = {Peer(tmp_path, products=1).environment["BENCH_PEER_SCHEMA"] for _ in range(2)}
    assert len(schemas) == 2
