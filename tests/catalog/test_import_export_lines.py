"""Exports of other shops, by the line: what is taken, and what is said of it."""

from pathlib import Path

import pytest

from catalog.importing import saving
from catalog.models import Product, ProductImage
from tests.catalog.importing import import_file

HEADER = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Type,Image Src,Status"


@pytest.fixture
def export(tmp_path):
    """`export(line, line)`: a file with those of Shopify's columns that it takes."""

    def write(*lines: str) -> Path:
        path = tmp_path / "export.csv"
        path.write_text("\n".join((HEADER, *lines)))
        return path

    return write


def test_more_pictures_than_a_product_can_have(db, export, tmp_path, picture, monkeypatch):
    monkeypatch.setattr(saving, "MAX_IMAGES", 8)
    lines = ["mug,Mug,Title,Default Title,MUG,1,Mugs,https://x.test/0.png,active"]
    lines += [f"mug,,,,,,,https://x.test/{n}.png?v=1," for n in range(1, 10)]
    for number in range(10):
        (tmp_path / f"{number}.png").write_bytes(picture(size=(8, 8 + number)).read())
    said = import_file(export(*lines), images=tmp_path, make_categories=True)
    assert ProductImage.objects.count() == 8
    assert said.out[2:-1] == [
        f"export.csv: line {n + 2}, Image Src: A product has at most 250 pictures, and {n}.png is "
        "one more. It is left out."
        for n in (8, 9)
    ]


def test_a_note_names_its_lines_once(db, export):
    lines = [f"mug-{n},Mug,Title,Default Title,M-{n},1,Mugs,,active" for n in range(7)]
    assert import_file(export(*lines), make_categories=True).out[1] == (
        "export.csv: lines 2, 3, 4, 5, 6 and 2 more, Variant Inventory Qty: No stock is counted "
        "there, so it is 0 here: set it before it can sell."
    )


def test_mistakes_are_told_in_the_file_s_own_words(db, export):
    long = "n" * 201
    said = import_file(
        export(
            f"a,{long},Title,Default Title,A,1,Mugs,,active",
            "b,B,Size,S,B 1,1,Mugs,,active",
            "b,,,S,B-2,1,,,",
            "c,C,Title,Default Title,C,1.005,Mugs,,active",
            "d,D,Title,Default Title,,,Mugs,,active",
            *(f"e,E,Size,{n},E-{n},1,Mugs,,active" for n in range(2049)),
        ),
        category="mugs",
        make_categories=True,
    )
    assert said.errors == [
        f"export.csv: {error}"
        for error in (
            "line 2, Title: Ensure this value has at most 200 characters (it has 201).",
            "line 3, Variant SKU: A SKU has letters, digits, dots, dashes and underscores only.",
            "line 3, Option1 Value: B 1 (line 3) and B-2 (line 4) have the same options: "
            "each variant differs from the others.",
            "line 5, Variant Price: EUR has 2 digits after the point: 1.005 cannot be paid.",
            "line 6, Variant SKU: This must not be empty; or let --make-skus make one.",
            "line 6, Variant Price: This must not be empty.",
            "line 7, Variant SKU: A product can have 2048 variants, and this would have 2049: "
            "split it into several.",
        )
    ]


@pytest.mark.parametrize(
    ("stock", "in_stock", "errors", "notes"),
    [
        (
            "parent",
            "1",
            [],
            ["No stock is counted there, so it is 0 here: set it before it can sell."],
        ),
        ("", "0", [], []),
        ("'-4", "1", [], ["-4 in stock is taken as 0."]),
        ("a few", "1", ["a few is not a number from 0."], []),
    ],
)
def test_stock_that_is_no_number(db, tmp_path, stock, in_stock, errors, notes):
    path = tmp_path / "export.csv"
    path.write_text(
        "ID,Type,SKU,Name,Regular price,Categories,In stock?,Stock\n"
        f"1,simple,CUP,'=Cup,1,Mugs,{in_stock},{stock}\n"
    )
    said = import_file(path, make_categories=True)
    assert said.errors == [f"export.csv: line 2, Stock: {error}" for error in errors]
    assert said.out[1:-1] == [f"export.csv: line 2, Stock: {note}" for note in notes]
    assert [p.name for p in Product.objects.all()] == ([] if errors else ["=Cup"])


@pytest.mark.parametrize(
    ("status", "listed", "stored"),
    [
        ("active", "TRUE", "active"),
        ("active", "FALSCH", "draft"),
        ("active", "false", "draft"),
        ("", "true", "active"),
        ("", "", "active"),
        ("archived", "true", "archived"),
        ("unlisted", "true", "draft"),
    ],
)
def test_what_customers_could_buy_is_on_sale(db, tmp_path, status, listed, stored):
    path = tmp_path / "export.csv"
    path.write_text(
        "Handle,Title,Published,Variant SKU,Variant Price,Type,Status\n"
        f"mug,Mug,{listed},MUG,1,Mugs,{status}\n"
    )
    import_file(path, make_categories=True)
    assert Product.objects.get().status == stored
