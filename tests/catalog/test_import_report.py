"""One report at the end, however an import ends; and it can be taken up where it stopped."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model

from catalog.importing import saving
from catalog.importing.reading import PRODUCT_COLUMNS
from catalog.models import Product
from catalog.services import publish_product, publishing
from dynamodb.client import retries
from dynamodb.client.wire import Pool
from dynamodb.errors import ConflictError, TransactionTooLarge
from tests.catalog.importing import import_file

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]
NOBODY = "http://127.0.0.1:1"
shop: Any = connection  # the engine's, which has its client as `dynamodb`
STOPPED = "The import was stopped; see above."
WAY_ON = (
    "All before it is done. Import the file again and it goes on: what is there already is left "
    "alone. --start-line 3 leaves the lines before out."
)


@pytest.fixture
def table(tmp_path: Path, mugs: Model) -> Path:
    """Three products, on lines 2 to 4."""
    lines = [f"mug-{n},Mug {n},,,mugs,active,,MUG-{n},,12.00,EUR,,,5,," for n in range(3)]
    path = tmp_path / "products.csv"
    path.write_text("\n".join((",".join(PRODUCT_COLUMNS), *lines)))
    return path


def at_the_second(monkeypatch: pytest.MonkeyPatch, event: Any) -> None:
    """`event` happens while the second product is being saved, before its commit."""
    publish = publish_product

    def publish_then(*, product: Product) -> None:
        publish(product=product)
        if product.slug == "mug-1":
            event()

    monkeypatch.setattr(publishing, "publish_product", publish_then)


def slugs() -> list[str]:
    return sorted(Product.objects.values_list("slug", flat=True))


def test_stopped_by_hand(table, monkeypatch):
    with monkeypatch.context() as patch:
        at_the_second(patch, lambda: os.kill(os.getpid(), signal.SIGINT))
        said = import_file(table)
    assert said.errors == [f"products.csv: stopped at line 3: somebody stopped it. {WAY_ON}"]
    assert said.out[-1] == "products.csv: 1 created, 0 updated, 0 unchanged"
    assert (said.end, slugs()) == (STOPPED, ["mug-0"])
    again = import_file(table)
    assert again.out[-1] == "products.csv: 2 created, 0 updated, 1 unchanged"
    assert (again.errors, again.end, slugs()) == ([], "", ["mug-0", "mug-1", "mug-2"])


def test_dynamodb_goes_away(table, monkeypatch):
    monkeypatch.setattr(retries, "BASE_DELAY", 0.0001)
    with monkeypatch.context() as patch:
        at_the_second(patch, lambda: patch.setattr(shop.dynamodb, "pool", Pool(NOBODY, 1)))
        said = import_file(table)
    (error,) = said.errors
    start = "products.csv: stopped at line 3: OperationalError: DynamoDB does not answer at "
    assert error.startswith(start)
    assert error.endswith(WAY_ON)
    assert said.out[-1] == "products.csv: 1 created, 0 updated, 0 unchanged"
    assert (said.end, slugs()) == (STOPPED, ["mug-0"])


def test_dynamodb_is_away(table, monkeypatch):
    monkeypatch.setattr(retries, "BASE_DELAY", 0.0001)
    with monkeypatch.context() as patch:
        patch.setattr(shop.dynamodb, "pool", Pool(NOBODY, 1))
        said = import_file(table)
    assert said.errors[0].startswith("products.csv: stopped at line 1: OperationalError: DynamoDB")
    assert (said.out[-1], said.end) == (
        "products.csv: 0 created, 0 updated, 0 unchanged",
        STOPPED,
    )


def test_a_fault_that_nobody_knows(table, monkeypatch):
    def fault() -> None:
        raise RuntimeError("unheard of")

    with monkeypatch.context() as patch:
        at_the_second(patch, fault)
        said = import_file(table)
        assert said.errors == [
            f"products.csv: stopped at line 3: RuntimeError: unheard of. {WAY_ON}"
        ]
        said = import_file(table, start_line=4)
    assert said.out[-1] == "products.csv: 1 created, 0 updated, 0 unchanged"
    assert (said.end, slugs()) == ("", ["mug-0", "mug-2"])


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (TransactionTooLarge, "It is too large to store: it has too many variants and pictures."),
        (ConflictError,
         "Others kept changing it, or its category is gone: import the file again."),
    ],
)  # fmt: skip
def test_what_concerns_one_product_stops_no_other(table, monkeypatch, error, sentence):
    def refuse() -> None:
        raise error

    at_the_second(monkeypatch, refuse)
    monkeypatch.setattr("dynamodb.conflicts.BASE_DELAY", 0.0001)
    said = import_file(table)
    assert said.errors == [f"products.csv: line 3: {sentence}"]
    assert said.out[-1] == "products.csv: 2 created, 0 updated, 0 unchanged, 1 refused"
    assert slugs() == ["mug-0", "mug-2"]


def test_a_product_that_is_too_large(table):
    """Of its cells each is short enough; its page, which holds all of them, is over 400 KB."""
    head, first, _second, last = table.read_text().splitlines()
    options = (f"size={number}{'x' * 90_000}" for number in range(5))
    variants = [f"mug-1,Mug,,,mugs,active,,BIG-{len(o)}-{o[5]},{o},1,EUR,,,5,," for o in options]
    table.write_text("\n".join((head, first, *variants, last)))
    said = import_file(table)
    assert said.errors == ["products.csv: line 3: It is too large to store: shorten its texts."]
    assert slugs() == ["mug-0", "mug-2"]


def test_a_stop_at_the_categories_leaves_the_products(table, tmp_path, monkeypatch):
    categories = tmp_path / "categories.csv"
    categories.write_text("slug,name,parent,position,description\nhome,Home,,1,\n")

    def interrupt(**_values: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(saving, "save_category", interrupt)
    said = import_file(table, categories=categories)
    assert said.errors[0].startswith("categories.csv: stopped at line 2: somebody stopped it.")
    assert (said.out[0], said.end) == (
        "categories.csv: categories, UTF-8, separated by commas",
        STOPPED,
    )
    assert slugs() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_is_told_to_end(table, number):
    """A process of its own, in the midst of 500 products; then the same again, to the end."""
    lines = (f"cup-{n},Cup {n},,,mugs,active,,CUP-{n},,12.00,EUR,,,5,," for n in range(500))
    table.write_text("\n".join((table.read_text(), *lines)))
    command = subprocess.Popen(
        [sys.executable, "manage.py", "import_catalogue", str(table)],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "shop.settings",
            "SHOP_TABLE_PREFIX": connection.settings_dict["NAME"],
        },
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: Product.objects.filter(slug="mug-2").exists())
    command.send_signal(number)
    out, errors = command.communicate(timeout=60)
    assert command.returncode == 1
    (line,) = re.findall(r"products.csv: stopped at line (\d+): somebody stopped it\.", errors)
    done = Product.objects.count()
    assert done in (int(line) - 2, int(line) - 1)  # the one it was at may be done
    assert out.splitlines()[-1] == f"products.csv: {int(line) - 2} created, 0 updated, 0 unchanged"
    table.write_text("\n".join(table.read_text().splitlines()[: int(line) + 1]))
    again = import_file(table)
    assert again.out[-1] == f"products.csv: {int(line) - done} created, 0 updated, {done} unchanged"


def wait_until(happened: Any) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_folder_that_is_not_there(table, tmp_path):
    said = import_file(table, images=tmp_path / "nothing")
    assert said.end == f"There is no folder {tmp_path / 'nothing'}."
