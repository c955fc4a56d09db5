"""SnapStart: what copies of one process must not share."""

import random
import sys
from types import ModuleType
from typing import Any

import pytest
from django.db import connection

from dynamodb.client.wire import forget_connections
from dynamodb.rows import ids
from shop.later import import_all
from shop.models import IdempotencyKey
from shop.snapshots import register_hooks, renew_random_numbers


class Lambda(ModuleType):
    """The library in Lambda's runtime: it keeps what it is to call, and when."""

    def __init__(self) -> None:
        super().__init__("snapshot_restore_py")
        self.before: list[Any] = []
        self.after: list[Any] = []
        self.register_before_snapshot = self.before.append
        self.register_after_restore = self.after.append


def test_lambda_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Lambda()
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", told)

    register_hooks()

    assert told.before == [forget_connections, import_all]
    assert told.after == [renew_random_numbers]


def test_elsewhere_there_is_nobody_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", None)
    register_hooks()


def port_of_a_call() -> int:
    """Where the connection begins that a query went over."""
    pool = connection.dynamodb.pool  # type: ignore[attr-defined]
    IdempotencyKey.objects.filter(pk="none").exists()
    port: int = pool.idle[-1].sock.getsockname()[1]
    return port


@pytest.mark.django_db(transaction=True)
def test_no_connection_is_copied() -> None:
    """Without the hook, the second call goes over the connection of the first."""
    forget_connections()  # of tests before this one
    before = port_of_a_call()
    assert port_of_a_call() == before
    (kept,) = connection.dynamodb.pool.idle  # type: ignore[attr-defined]

    forget_connections()

    assert kept.sock.fileno() == -1
    assert port_of_a_call() != before


def test_copies_draw_numbers_of_their_own() -> None:
    """Without the hook they draw the same."""
    memory = random.getstate()

    def draw(*hooks: Any) -> list[float]:
        random.setstate(memory)
        for hook in hooks:
            hook()
        return [random.random() for _ in range(3)]

    assert draw() == draw()
    assert draw(renew_random_numbers) != draw(renew_random_numbers)


def test_copies_make_ids_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the same millisecond, and from the same memory: they are the system's, of which no
    copy keeps a state. The negative control has them drawn from Python's numbers."""
    monkeypatch.setattr("dynamodb.rows.ids.time.time", lambda: 1_800_000_000.0)
    memory = random.getstate()

    def make() -> int:
        random.setstate(memory)
        monkeypatch.setattr(ids, "_last", 0)
        return ids.new_id()

    assert len({make() for _ in range(20)}) > 1
    monkeypatch.setattr("dynamodb.rows.ids.secrets.randbits", random.getrandbits)
    assert len({make() for _ in range(20)}) == 1
