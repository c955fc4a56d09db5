"""Which room of the engine may know which: a reader starts below and meets nothing from above."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import dynamodb

HOME = Path(dynamodb.__file__).parent
ROOMS = ("client", "tables", "rows", "query", "schema")

#: What each room may import of the engine besides itself; the root may import all.
MAY: dict[str, set[str]] = {
    "client": {"calls", "patience"},
    "tables": {"fields", "indexes"},
    "rows": {
        "client", "tables", "calls", "conflicts", "consistency", "duplicates", "errors",
        "expressions", "patience", "scans",
    },
    "query": {"rows", "tables", "conflicts", "expressions"},
    "schema": {"rows", "tables", "client", "errors", "patience", "scans"},
}  # fmt: skip
#: Of the root, what stands below the rooms, and what of them it may know.
BELOW: dict[str, set[str]] = {
    "calls": set(), "conflicts": {"errors", "patience"}, "consistency": set(),
    "duplicates": set(), "errors": set(), "expressions": {"tables"}, "fields": set(),
    "indexes": set(), "patience": set(), "scans": {"errors"},
}  # fmt: skip


def modules() -> dict[str, Path]:
    """Every module, named from the engine's folder: `client.wire`, `calls`."""
    paths = (
        p for p in HOME.rglob("*.py") if "management" not in p.parts and "migrations" not in p.parts
    )
    return {".".join(p.relative_to(HOME).with_suffix("").parts): p for p in paths}


def imported(source: str) -> Iterator[str]:
    """What it imports of the engine, in functions and for types too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            package, _, rest = node.module.partition(".")
            if package == "dynamodb":
                yield from ([rest] if rest else [alias.name for alias in node.names])
        elif isinstance(node, ast.Import):
            yield from (
                a.name.partition(".")[2] for a in node.names if a.name.startswith("dynamodb.")
            )


def unit(module: str) -> str:
    """Its room, or itself at the root."""
    return module.partition(".")[0]


def strangers(module: str, source: str) -> set[str]:
    """What a module imports that its place does not allow."""
    home = unit(module)
    if home not in MAY and home not in BELOW:
        return set()
    allowed = {home} | (MAY[home] if home in MAY else BELOW[home])
    return {name for name in imported(source) if unit(name) not in allowed}


@pytest.mark.parametrize("module", sorted(modules()))
def test_imports_run_one_way(module: str) -> None:
    assert strangers(module, modules()[module].read_text()) == set()


def test_a_stranger_is_seen() -> None:
    assert strangers("client.wire", "def f():\n    from dynamodb.rows.store import Store") == {
        "rows.store"
    }
    assert strangers("tables.table", "from dynamodb import calls, errors") == {"calls", "errors"}
    assert strangers("rows.store", "import dynamodb.query.session") == {"query.session"}


def test_no_circle() -> None:
    """Within the rooms, and among them, files have an order in which they can be read."""
    graph = {
        name: {each for each in imported(path.read_text()) if each in modules()} - {name}
        for name, path in modules().items()
    }
    order: list[str] = []
    while ready := sorted(n for n, needs in graph.items() if n not in order and needs <= {*order}):
        order += ready
    assert sorted(graph.keys() - set(order)) == []


def test_there_are_five_rooms() -> None:
    assert sorted(p.parent.name for p in HOME.glob("*/__init__.py")) == sorted(
        [*ROOMS, "management"]
    )
