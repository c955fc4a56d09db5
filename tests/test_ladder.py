"""Imports run one way: an app knows those below it, and tells those above by messages."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from shop.localaws.install import ROOT

#: From the top; what stands on one rung does not know its neighbours.
LADDER = (
    ("shop",),
    ("storefront",),
    ("orders",),
    ("cart",),
    ("catalog", "customers"),
    ("mails", "payments"),
    ("outbox", "limits"),
    ("pricing", "telemetry", "backoffice", "bodies"),
    ("dynamodb",),
)
APPS = {app: rung for rung, apps in enumerate(LADDER) for app in apps}


def imported(code: str) -> Iterator[str]:
    """The first names of all that the code imports, wherever in it."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)


def upwards(app: str, names: Iterable[str]) -> set[str]:
    """Those of the names that the app must not know."""
    return {name for name in names if name != app and name in APPS and APPS[name] <= APPS[app]}


def present() -> list[str]:
    return [app for app in APPS if (ROOT / app).is_dir()]


@pytest.mark.parametrize("app", present())
def test_an_app_imports_none_above_it(app: str) -> None:
    files = sorted((ROOT / app).rglob("*.py"))
    assert files
    wrong = {
        str(file.relative_to(ROOT)): found
        for file in files
        if (found := upwards(app, imported(file.read_text())))
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("app", "code", "found"),
    [
        ("catalog", "from orders.models import Order", {"orders"}),
        ("catalog", "def f():\n    import cart.views as v", {"cart"}),
        ("outbox", "from payments import errors", {"payments"}),
        ("dynamodb", "import telemetry, django", {"telemetry"}),
        ("orders", "from cart import views\nfrom . import admin\nimport json", set()),
    ],
)
def test_what_would_be_found(app: str, code: str, found: set[str]) -> None:
    assert upwards(app, imported(code)) == found


def test_every_folder_of_code_has_its_place() -> None:
    """A new app is put on the ladder, or its imports are nobody's to check."""
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert apps <= APPS.keys()


def test_contributing_says_the_same() -> None:
    text = (Path(ROOT) / "CONTRIBUTING.md").read_text()
    rungs = " -> ".join(", ".join(app for app in apps if app in present()) for apps in LADDER)
    assert rungs in " ".join(text.split())
