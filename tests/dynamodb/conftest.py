"""The engine alone: tables of its own, emptied after each test; no transaction around it.

`tables` is the run's local AWS; `server` each server there is; `proxy` each of them
behind a proxy that injects faults.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.apps import apps
from django.db.models.sql.compiler import SQLCompiler

import dynamodb.query.compiler as compiler_module
from dynamodb import base
from dynamodb.client import retries
from dynamodb.query.shapes import compiled_before
from dynamodb.tables.registry import Registry
from tests.dynamodb.engine import connection
from tests.dynamodb.faults import Proxy, fault_proxy
from tests.dynamodb.servers import PRETENDING, SERVERS, Unavailable
from tests.local_aws import ENDPOINT, WORKER

PREFIX = f"engine-{WORKER}-"
VARIABLE = "AWS_ENDPOINT_URL_DYNAMODB"
django_compiler: Any = SQLCompiler
_made: set[str] = set()  # endpoints where the tables are
_registries: dict[str, Registry] = {}  # by server: not all have tables of the same form


@pytest.fixture(scope="session")
def endpoints() -> Iterator[Callable[[str], str]]:
    """The endpoint of a server by its name, started at the first use."""
    started: dict[str, str] = {}
    with ExitStack() as stack:

        def endpoint(name: str) -> str:
            if name not in started:
                try:
                    started[name] = stack.enter_context(SERVERS[name]())
                except Unavailable as reason:
                    pytest.skip(str(reason))
            return started[name]

        yield endpoint


@pytest.fixture
def tables(django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Empty tables on the run's local AWS; what tests commit is committed."""
    with django_db_blocker.unblock():
        yield from use_tables("ministack", os.environ[ENDPOINT], monkeypatch)


@pytest.fixture(params=SERVERS)
def server(
    request: pytest.FixtureRequest,
    endpoints: Callable[[str], str],
    django_db_blocker: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """Empty tables on each server there is; its endpoint."""
    endpoint = endpoints(request.param)
    with django_db_blocker.unblock():
        for _ in use_tables(request.param, endpoint, monkeypatch):
            yield endpoint


@pytest.fixture
def proxy(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """The engine reaches its server through a proxy, and waits little between attempts."""
    monkeypatch.setattr(retries, "BASE_DELAY", 0.0001)
    with fault_proxy(server) as faults:
        connect_to(faults.url, monkeypatch)
        yield faults
        connection.dynamodb.close()
    connect_to(server, monkeypatch)


def use_tables(name: str, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    shop = connection.settings_dict["NAME"]
    monkeypatch.setitem(base._registries, PREFIX, _registries.setdefault(name, Registry()))
    options = connection.settings_dict["OPTIONS"]
    monkeypatch.setitem(options, "multi_attribute_keys", name not in PRETENDING)
    connect_to(endpoint, monkeypatch)
    make_tables(endpoint)
    yield
    empty_tables()
    connection.close()
    connection.use_prefix(shop)


@pytest.fixture(autouse=True)
def compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked here: SQL that was compiled before is what Django would compile now."""

    def compare(compiler: Any, compile_anew: Any) -> Any:
        fresh = compiler.query.clone().get_compiler(connection=compiler.connection)
        found = compiled_before(compiler, compile_anew)
        if compiler.known is not None:
            expected = django_compiler.as_sql(fresh)
            assert (found[0], tuple(found[1])) == (expected[0], tuple(expected[1]))
            assert repr(compiler.select) == repr(fresh.select)
            assert compiler.klass_info == fresh.klass_info
            assert compiler.annotation_col_map == fresh.annotation_col_map
            assert compiler.col_count == fresh.col_count
            assert compiler.has_extra_select == fresh.has_extra_select
            columns = [each[0] for each in compiler.select]
            assert compiler.get_converters(columns).keys() == fresh.get_converters(columns).keys()
        return found

    monkeypatch.setattr(compiler_module, "compiled_before", compare)


def connect_to(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """This thread's connection, and those of threads to come, speak to the endpoint."""
    monkeypatch.setenv(VARIABLE, endpoint)
    connection.close()
    connection.use_prefix(PREFIX)


def make_tables(endpoint: str) -> None:
    """The tables, at the first test on a server."""
    if endpoint not in _made:
        with connection.schema_editor() as editor:
            for model in apps.get_app_config("engine").get_models():
                editor.create_model(model)
        _made.add(endpoint)


def empty_tables() -> None:
    connection.ensure_connection()
    for model in apps.get_app_config("engine").get_models(include_auto_created=True):
        connection.control.empty(model._meta.db_table)
    connection.control.empty(connection.guard_name)
