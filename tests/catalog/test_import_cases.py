"""Files as people have them: tests/cases/csv, and what is right for each."""

from pathlib import Path

import pytest

from catalog.importing.reading import PRODUCT_COLUMNS
from catalog.models import Category, Product, Variant
from catalog.services import save_category
from tests.catalog.importing import import_file

CASES = Path(__file__).parents[1] / "cases" / "csv"
HEADER = ",".join(PRODUCT_COLUMNS)
MENDED = "Some lines were not imported: mend them and import again."


@pytest.fixture(autouse=True)
def mugs_and_cups(db):
    return save_category(category=Category(name="Mugs & Cups", slug="mugs-and-cups"))


def products():
    return sorted(Product.objects.values_list("slug", "name"))


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize(
    ("name", "read_as", "count", "stored"),
    [
        (
            "cp1252.csv",
            "Windows-1252, separated by commas",
            2,
            [("t-cp", "Große Tasse – blau"), ("t-cp-a", "Test mug")],
        ),
        ("utf16.csv", "UTF-16, separated by tabs", 1, [("t-u16", "Test mug")]),
        ("blanks.csv", "UTF-8, separated by commas", 1, [("t-blank", "Test mug")]),
        ("grams.csv", "UTF-8, separated by commas", 1, [("t-gr", "Test mug")]),
        ("semicolon.csv", "UTF-8, separated by semicolons", 1, [("t-semi", "Test mug")]),
    ],
)
def test_taken(name, read_as, count, stored, dry_run):
    said = import_file(CASES / name, dry_run=dry_run)
    ended = f"{name}: {count} created, 0 updated, 0 unchanged{' (dry run)' if dry_run else ''}"
    assert said.out == [f"{name}: this shop's columns, {read_as}", ended]
    assert (said.errors, said.end) == ([], "")
    assert products() == ([] if dry_run else stored)


def test_numbers_as_they_were_meant():
    import_file(CASES / "grams.csv")
    import_file(CASES / "semicolon.csv")
    assert Variant.objects.get(pk="T-GR").weight_grams == 340
    assert str(Variant.objects.get(pk="T-SEMI").price) == "12.50"


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize(
    ("name", "errors"),
    [
        ("dupcolumn.csv", ["line 1, price: This column stands twice."]),
        (
            "extracell.csv",
            [
                "line 2: It has 17 cells, and the header has 16: put a text that holds commas in "
                "quotes."
            ],
        ),
        (
            "openquote.csv",
            [
                "line 2: A quote opens in it that is never closed: all that follows was taken for "
                "text."
            ],
        ),
        ("nul.csv", ["line 2, name: There is a NUL character in it."]),
        (
            "optdup.csv",
            [
                "line 2, options: T-OD1 (line 2) and T-OD2 (line 3) have the same options: "
                "each variant differs from the others."
            ],
        ),
    ],
)
def test_refused(name, errors, dry_run):
    said = import_file(CASES / name, dry_run=dry_run)
    assert said.errors == [f"{name}: {error}" for error in errors]
    assert (said.end, products()) == (MENDED, [])


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_sku_of_two_products(dry_run):
    """Nobody knows whose it is: neither is imported, and the dry run says the same."""
    said = import_file(CASES / "dupsku.csv", dry_run=dry_run)
    assert said.errors == [
        "dupsku.csv: line 2, sku: T-DUP stands on line 3 too: a SKU is one variant's.",
        "dupsku.csv: line 3, sku: T-DUP stands on line 2 too: a SKU is one variant's.",
    ]
    assert (said.end, products()) == (MENDED, [])
    ended = "dupsku.csv: 0 created, 0 updated, 0 unchanged, 2 refused"
    assert said.out[-1] == f"{ended}{' (dry run)' if dry_run else ''}"
