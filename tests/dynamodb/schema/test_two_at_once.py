"""Two runs of the same migration at the same moment, each a process by itself."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial
from threading import Barrier, local
from typing import Any

import pytest
from django.db import DatabaseError, connections
from django.db.migrations.state import ProjectState

from dynamodb import base
from dynamodb.client.refusals import ServiceError
from dynamodb.tables.registry import Registry
from tests.cart.races import at_once
from tests.dynamodb.moving import Project
from tests.dynamodb.schema.test_resumed import OPERATIONS, left_by

pytestmark = pytest.mark.usefixtures("tables")

ATTEMPTS = 6
# Another primary key is another table, which is for one run alone: see docs/engine.md.
ALONE = {"of another key", "of a new key"}
_own = local()  # a thread's registry, as a process has one


@pytest.fixture(autouse=True)
def registries(monkeypatch: pytest.MonkeyPatch) -> None:
    shared: Callable[[Any], Registry] = base.DatabaseWrapper.registry.fget  # type: ignore[attr-defined]  # a property

    def registry(wrapper: Any) -> Registry:
        return getattr(_own, "registry", None) or shared(wrapper)

    monkeypatch.setattr(base.DatabaseWrapper, "registry", property(registry))


def run_in_a_process(operation: Any, start: ProjectState, prefix: str, both: Barrier) -> None:
    """Until it has come to its end, as a deployment is begun again."""
    database: Any = connections["default"]
    database.use_prefix(prefix)
    _own.registry = Registry()
    try:
        both.wait(timeout=30)
        for left in reversed(range(ATTEMPTS)):
            project = Project(database)
            project.state = start.clone()
            database.registry.load(database)
            database.registry.show(database, project.state.apps.get_models())
            try:
                project.run(copy.deepcopy(operation))
                return
            except (DatabaseError, ServiceError):  # the other is at it
                if not left:
                    raise
    finally:
        del _own.registry
        connections.close_all()


def run_twice(moving: Project, operation: Any) -> None:
    start, both = moving.state.clone(), Barrier(2)
    run = partial(run_in_a_process, operation, start, moving.database.table_prefix, both)
    at_once(run, run)
    after = moving.state.clone()
    operation.state_forwards("moving", after)
    moving.state = after
    moving.database.registry.show(moving.database, after.apps.get_models())


@pytest.mark.parametrize("name", sorted(OPERATIONS.keys() - ALONE))
def test_two_leave_what_one_leaves(name: str) -> None:
    alone = left_by(OPERATIONS[name], lambda moving, operation: moving.run(operation))
    assert left_by(OPERATIONS[name], run_twice) == alone
