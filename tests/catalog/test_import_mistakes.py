"""Mistakes in a file: all of an entry's at once, and by where each thing stands that they name."""

from pathlib import Path
from typing import Any

import pytest

from catalog.importing.reading import PRODUCT_COLUMNS
from catalog.models import Category, Product, Variant
from tests.catalog.importing import Said, import_file

HEADER = ",".join(PRODUCT_COLUMNS)
KEPT = "What a file does not name stays: name it too, or change it in the admin."


def row(sku: str, options: str = "", **cells: str) -> str:
    values = {"product_slug": "mug", "name": "Mug", "category": "mugs", "sku": sku,
              "options": options, "price": "12.50", "currency": "EUR", **cells}  # fmt: skip
    return ",".join(values.get(column, "") for column in PRODUCT_COLUMNS)


@pytest.fixture
def give(tmp_path: Path, mugs: Category) -> Any:
    """`give(line, line)`: import these; the errors, which a dry run has told before as well."""
    path = tmp_path / "products.csv"

    def give(*lines: str, **options: Any) -> list[str]:
        path.write_text("\n".join((HEADER, *lines)))
        told = import_file(path, dry_run=True, **options)
        said = import_file(path, **options)
        assert (said.errors, said.end) == (told.errors, told.end)
        assert said.out[-1] == told.out[-1].removesuffix(" (dry run)")
        return [error.removeprefix("products.csv: ") for error in said.errors]

    return give


def test_options_are_checked_where_a_sku_is_missing(give: Any) -> None:
    lines = row("", "size=S"), row("T-2", "size=S"), row("T-3", "colour=Red")
    assert give(*lines) == [
        "line 2, sku: This must not be empty; or let --make-skus make one.",
        "line 2, options: A variant without SKU (line 2) lacks colour: all variants of a product "
        "have the same options.",
        "line 2, options: T-2 (line 3) lacks colour: all variants of a product have the same "
        "options.",
        "line 2, options: T-3 (line 4) lacks size: all variants of a product have the same "
        "options.",
        "line 2, options: A variant without SKU (line 2) and T-2 (line 3) have the same options: "
        "each variant differs from the others.",
    ]
    assert not Product.objects.exists()


def test_a_cell_that_cannot_be_read_is_told_once(give: Any) -> None:
    """Nor is anything said of what it might have been: an option, a currency."""
    lines = row("T-1", "size=S"), row("T-2", "M", price="x", currency="")
    assert give(*lines) == [
        "line 3, options: Write names and values, as in colour=Red; size=M: not M.",
        "line 3, price: x is not a number such as 12.50.",
        "line 3, currency: This must not be empty.",
    ]


def test_a_variant_that_the_file_does_not_name(give: Any) -> None:
    assert give(row("T-1", "size=S"), row("T-2", "size=M")) == []
    assert give(row("T-1", "size=S; colour=Red")) == [
        "line 2, options: T-2 (in the shop already) lacks colour: all variants of a product have "
        f"the same options. {KEPT}"
    ]
    # The one without a SKU may be T-2.
    assert give(row("", "size=M")) == [
        "line 2, sku: This must not be empty; or let --make-skus make one."
    ]
    lines = (row(f"T-{n}", f"size={n}") for n in range(3, 2050))
    assert give(*lines) == [
        "line 2, sku: A product can have 2048 variants, and this would have 2049, 2 of them in the "
        "shop already: split it into several."
    ]


def test_a_variant_of_another_currency(give: Any) -> None:
    assert give(row("T-1", "size=S")) == []
    Variant.objects.filter(pk="T-1").update(currency="USD")
    assert give(row("T-2", "size=M")) == [
        "line 2, currency: All variants have the same currency: it is another at T-1 (in the shop "
        f"already). {KEPT}"
    ]


def test_a_sku_on_three_lines(give: Any) -> None:
    """One of which is wrong for another reason as well."""
    lines = (row("T-1", product_slug=slug, price=price) for slug, price in (
        ("a", "1"), ("b", "x"), ("c", "1")))  # fmt: skip
    assert give(*lines, row("T-2", product_slug="d")) == [
        "line 2, sku: T-1 stands on lines 3 and 4 too: a SKU is one variant's.",
        "line 3, price: x is not a number such as 12.50.",
        "line 3, sku: T-1 stands on lines 2 and 4 too: a SKU is one variant's.",
        "line 4, sku: T-1 stands on lines 2 and 3 too: a SKU is one variant's.",
    ]
    assert list(Product.objects.values_list("slug", flat=True)) == ["d"]


def test_no_category_is_made_for_what_is_refused(give: Any, tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    export.write_text("Handle,Title,Variant Price,Variant SKU,Type\ncup,Cup,1,,Cups\n")
    said = import_file(export, make_categories=True)
    assert said.errors == [
        "export.csv: line 2, Variant SKU: This must not be empty; or let --make-skus make one."
    ]
    assert not Category.objects.filter(slug="cups").exists()


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_category_that_cannot_be_made(tmp_path: Path, db: None, dry_run: bool) -> None:
    export = tmp_path / "export.csv"
    deep = " > ".join("ABCDEFG")
    export.write_text(
        "Handle,Title,Variant Price,Variant SKU,Type,Product Category\n"
        f"cup,Cup,1,C-1,{'x' * 101},\nmug,Mug,1,M-1,,{deep}\npan,Pan,1,P-1,,A > B\n"
    )
    said = import_file(export, make_categories=True, dry_run=dry_run)
    assert said.errors == [
        "export.csv: line 2, Type: Ensure this value has at most 100 characters (it has 101).",
        "export.csv: line 3, Type: Categories nest at most 6 deep.",
    ]
    assert said.out[-1].startswith("export.csv: 1 created, 0 updated, 0 unchanged, 2 refused")
    stored = list(Category.objects.order_by("tree_path").values_list("slug", flat=True))
    assert stored == ([] if dry_run else ["a", "b"])


def test_lines_before_the_first_are_left_out(give: Any) -> None:
    """Also what is wrong with them, unless a later line has it too."""
    lines = row("T 1", product_slug="a"), "x", row("T-2", product_slug="b"), row("T-3")
    assert len(give(*lines)) == 6
    assert give(*lines, row("T-2", product_slug="c"), start_line=4) == [
        "line 4, sku: T-2 stands on line 6 too: a SKU is one variant's.",
        "line 6, sku: T-2 stands on line 4 too: a SKU is one variant's.",
        "line 6, sku: T-2 belongs to b.",
    ]


CATEGORIES = "slug,name,parent,position,description\n"


def categories(tmp_path: Path, text: str, **options: Any) -> Said:
    files = tmp_path / "categories.csv", tmp_path / "products.csv"
    files[0].write_text(CATEGORIES + text)
    files[1].write_text(HEADER)
    return import_file(files[1], categories=files[0], **options)


@pytest.mark.parametrize("dry_run", [True, False])
def test_categories_too(tmp_path: Path, db: None, dry_run: bool) -> None:
    text = "home,Home,,1,\nhome,House,,1,\nlamps,,nowhere,x,\n,Rugs,,1,\nsofas,Sofas,,1,\n"
    said = categories(tmp_path, text, dry_run=dry_run)
    assert [error.removeprefix("categories.csv: ") for error in said.errors] == [
        "line 2, slug: home stands on line 3 too: a category has one line.",
        "line 3, slug: home stands on line 2 too: a category has one line.",
        "line 4, name: This must not be empty.",
        "line 4, position: x is not a whole number from 0.",
        "line 4, parent: There is no category nowhere.",
        "line 5, slug: This must not be empty.",
    ]
    stored = list(Category.objects.values_list("slug", flat=True))
    assert stored == ([] if dry_run else ["sofas"])
