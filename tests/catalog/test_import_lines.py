"""Files that were made here, by the line: what is read otherwise than meant is refused."""

from pathlib import Path

import pytest

from catalog.importing.reading import PRODUCT_COLUMNS
from catalog.models import Product, Stock, Variant
from tests.catalog.importing import import_file
from tests.catalog.test_import_cases import HEADER, MENDED, mugs_and_cups, products

__all__ = ["mugs_and_cups"]


@pytest.fixture
def table(tmp_path):
    """`table(line, line)`: a file of these lines, under the shop's own header."""

    def write(*lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
        path = tmp_path / "products.csv"
        path.write_bytes("\r\n".join((header, *lines, "")).encode(encoding))
        return path

    return write


def row(sku, *, slug="mug", name="Mug", **cells):
    values = {"product_slug": slug, "name": name, "category": "mugs-and-cups", "sku": sku,
              "price": "12.50", "currency": "EUR", "stock": "5", **cells}  # fmt: skip
    return ",".join(values.get(column, "") for column in PRODUCT_COLUMNS)


def test_a_cell_of_140_000_letters(table):
    long = row("T-LONG", slug="long", description="x" * 140_000)
    said = import_file(table(row("T-1"), long, row("T-2", slug="cup")))
    assert said.errors == [
        "products.csv: line 3, description: It has 140000 letters, and 100000 are the limit."
    ]
    assert said.out[-1] == "products.csv: 2 created, 0 updated, 0 unchanged, 1 refused"
    assert products() == [("cup", "Mug"), ("mug", "Mug")]


def test_a_cell_of_more_letters_than_are_looked_at(table):
    long = row("T-LONG", slug="long", description="x" * 1_400_000)
    said = import_file(table(row("T-1"), long, row("T-2", slug="cup")))
    assert said.errors == [
        "products.csv: line 3: A cell has over 1000000 letters, and 100000 are the limit: does a "
        "quote open in it that is never closed?"
    ]
    assert products() == [("cup", "Mug"), ("mug", "Mug")]


def test_a_mistake_is_told_by_the_line_its_entry_begins_on(table):
    said = import_file(
        table(row("T-1", description='"Two\r\nlines"'), "", row("T 2", slug="cup"), 'x"y"z,a')
    )
    assert said.errors == [
        "products.csv: line 5, sku: A SKU has letters, digits, dots, dashes and underscores only.",
        "products.csv: line 6, sku: This must not be empty; or let --make-skus make one.",
        "products.csv: line 6, price: This must not be empty.",
        "products.csv: line 6, currency: This must not be empty.",
        "products.csv: line 6, category: This must not be empty; or let --category say where such "
        "products go.",
        "products.csv: line 6, product_slug: Enter a valid “slug” consisting of letters, numbers, "
        "underscores or hyphens.",
    ]


def test_text_after_a_quote(table):
    said = import_file(table(row("T-1", name='"5" mug"'), row("T-2", slug="cup")))
    assert said.errors == [
        "products.csv: line 2: There is text after a closing quote: double the quotes that belong "
        "to a text."
    ]
    assert products() == [("cup", "Mug")]


@pytest.mark.parametrize(
    ("separator", "price", "stored"),
    [(";", "1.234,50", "1234.50"), (";", "12.5", "12.50"), ("\t", "0,5", "0.50")],
)
def test_decimal_commas(table, separator, price, stored):
    cells = row("T-1", price="@").replace(",", separator).replace("@", price)
    said = import_file(table(cells, header=HEADER.replace(",", separator)))
    assert (said.errors, str(Variant.objects.get(pk="T-1").price)) == ([], stored)


@pytest.mark.parametrize(
    ("price", "sentence"),
    [
        ('"12,50"', "12,50 is not a number such as 12.50."),
        ("1e3", "1e3 is not a number such as 12.50."),
        ("12.50 €", "12.50 € is not a number such as 12.50."),
        ("1_000", "1_000 is not a number such as 12.50."),
    ],
)
def test_what_is_no_price(table, price, sentence):
    said = import_file(table(row("T-1", price=price)))
    assert said.errors == [f"products.csv: line 2, price: {sentence}"]


def test_excel_s_own_first_line(table):
    header = "sep=;\r\n" + HEADER.replace(",", ";")
    said = import_file(table(row("T 1").replace(",", ";"), header=header))
    assert said.errors == [
        "products.csv: line 3, sku: A SKU has letters, digits, dots, dashes and underscores only."
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"a\x81b",
            "The file's letters are neither UTF-8 nor UTF-16 with its mark nor Windows-1252: save "
            "it as CSV UTF-8, or name its encoding with --encoding.",
        ),
        (b"PK\x03\x04....", "This is a workbook: save its sheet as CSV UTF-8."),
        (b"\xff\xfea\x00b", "The file's letters are neither UTF-8 nor UTF-16 with its mark nor "
         "Windows-1252: save it as CSV UTF-8, or name its encoding with --encoding."),
    ],
)  # fmt: skip
def test_what_is_no_table(tmp_path, content, sentence):
    path = tmp_path / "products.csv"
    path.write_bytes(content)
    said = import_file(path)
    assert (said.errors, said.end) == ([f"products.csv: {sentence}"], MENDED)


@pytest.mark.parametrize("content", ["", "\n\n", "name,price\nMug,12.50\n"])
def test_nobody_s_columns(tmp_path, content):
    path = tmp_path / "products.csv"
    path.write_text(content)
    assert import_file(path).errors == [
        "products.csv: line 1: These columns are not this shop's (product_slug, name, …), nor "
        "those of Shopify's export (Handle, Title, …) or of WooCommerce's in English (ID, Type, "
        "SKU, Name, …)."
    ]


def test_an_encoding_that_is_told(table):
    path = table(row("T-1", name="Größe"), encoding="mac_roman")
    said = import_file(path, encoding="mac_roman")
    assert said.out[0] == "products.csv: this shop's columns, mac_roman, separated by commas"
    assert products() == [("mug", "Größe")]
    said = import_file(table(row("T-1", name="Größe"), encoding="latin-1"), encoding="ascii")
    assert said.errors == ["products.csv: The file cannot be read as ascii."]
    assert import_file(path, encoding="klingon").end == "There is no encoding klingon."


def test_a_product_s_lines_apart(table):
    said = import_file(table(row("T-1"), row("T-2", slug="cup"), row("T-3")))
    assert said.errors == [
        "products.csv: line 2, product_slug: mug stands on line 4 too: put the lines of a product "
        "together.",
        "products.csv: line 4, product_slug: mug stands on line 2 too: put the lines of a product "
        "together.",
    ]
    assert products() == [("cup", "Mug")]


def test_cells_that_are_missing_at_the_end_are_empty(table):
    assert import_file(table(row("T-1").rstrip(","), ",,,,,,,,,,,,,,,,,,,")).errors == []
    assert Stock.objects.get(pk="T-1").available == 5


def test_names_and_slugs_that_are_too_long(table):
    long = "a" * 150
    said = import_file(table(row("T-1", slug=long), row("T-2", slug=f"{long}b"), row(
        "T-3", slug="cup", name="x" * 201)))  # fmt: skip
    assert said.errors == [
        "products.csv: line 4, name: Ensure this value has at most 200 characters (it has 201)."
    ]
    slugs = [slug for slug, _name in products()]
    assert slugs == ["a" * 91 + "-7595af82", "a" * 91 + "-ff6c49d5"]
    assert import_file(table(row("T-1", slug=long))).out[-1] == (
        "products.csv: 0 created, 0 updated, 1 unchanged"
    )


def test_variants_that_are_kept_count(table):
    """GIVEN a variant that the file does not name, the product's variants are checked with it."""
    import_file(table(row("T-1", options="size=S"), row("T-2", name="", options="size=M")))
    said = import_file(table(row("T-3", options="size=M")))
    assert said.errors == [
        "products.csv: line 2, options: T-3 (line 2) and T-2 (in the shop already) have the same "
        "options: each variant differs from the others. What a file does not name stays: name it "
        "too, or change it in the admin.",
    ]


def test_more_variants_than_there_can_be(table):
    lines = [row(f"T-{n}", options=f"size={n}") for n in range(2049)]
    assert import_file(table(*lines)).errors == [
        "products.csv: line 2, sku: A product can have 2048 variants, and this would have 2049: "
        "split it into several."
    ]


def test_skus_are_made_up_when_asked(table):
    lines = [
        row("", options="size=S; colour=Ink Blue"),
        row("", name="", options="size=M; colour=Ö"),
    ]
    assert import_file(table(*lines)).errors == [
        "products.csv: line 2, sku: This must not be empty; or let --make-skus make one.",
        "products.csv: line 3, sku: This must not be empty; or let --make-skus make one.",
    ]
    assert import_file(table(*lines), make_skus=True).errors == []
    assert sorted(Variant.objects.values_list("pk", flat=True)) == [
        "MUG-M-O-861c3fa6",
        "MUG-S-INK-BLUE",
    ]
    assert import_file(table(*lines), make_skus=True).out[-1] == (
        "products.csv: 0 created, 0 updated, 1 unchanged"
    )


def test_skus_are_made_to_fit_when_asked(table):
    lines = [row("TEE/RED 1", options="size=S"), row("x" * 70, name="", options="size=M")]
    assert len(import_file(table(*lines)).errors) == 2
    fitting = "x" * 55 + "-c71bd109"
    assert import_file(table(*lines), make_skus=True).out[1:] == [
        "products.csv: line 2, sku: TEE/RED 1 cannot be a SKU here: it is TEE-RED-1.",
        f"products.csv: line 3, sku: {'x' * 70} cannot be a SKU here: it is {fitting}.",
        "products.csv: 1 created, 0 updated, 0 unchanged",
    ]
    assert sorted(Variant.objects.values_list("pk", flat=True)) == ["TEE-RED-1", fitting]


def test_a_mark_before_a_header_whose_encoding_is_told(table):
    path = table(row("T-1"), header="\ufeff" + HEADER)
    assert import_file(path, encoding="utf-8").errors == []


def test_a_category_for_what_has_none(table):
    line = row("T-1", category="")
    assert import_file(table(line)).errors == [
        "products.csv: line 2, category: This must not be empty; or let --category say where such "
        "products go."
    ]
    assert import_file(table(line), category="mugs-and-cups").errors == []
    assert Product.objects.get().category.slug == "mugs-and-cups"
    assert import_file(table(line), category="nowhere").errors == [
        "products.csv: line 2, category: There is no category nowhere."
    ]
