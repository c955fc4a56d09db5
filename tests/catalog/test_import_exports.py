"""Exports of Shopify and WooCommerce, as they are and as Excel and Numbers write them again.

The files in tests/cases/exports have the true columns; what is in them was made for these tests.
"""

from pathlib import Path
from typing import Any

import pytest

from catalog.importing.markup import text_of
from catalog.importing.names import make_sku, slug_of_handle, slug_of_name
from catalog.models import Category, Product, ProductImage, Stock
from catalog.services import save_category
from tests.catalog.importing import import_file

EXPORTS = Path(__file__).parents[1] / "cases" / "exports"
MAKE = {"make_skus": True, "make_categories": True}
SHOPIFY: dict[str, Any] = {
    "linen-shirt": (
        "Linen Shirt",
        "Woven in Porto & washed twice.\n\n- 100 % linen\n- Größe fällt groß aus",
        "Søren & Fils",
        "Shirts",
        "active",
        {},
        [
            ("LIN-S-SAND", {"Size": "S", "Colour": "Sand"}, "59.00 EUR", "4006381333931", 340, 12),
            ("LIN-M-SAND", {"Size": "M", "Colour": "Sand"}, "59.00 EUR", "", 350, 0),
            ("LINEN-SHIRT-L-SAND", {"Size": "L", "Colour": "Sand"}, "61.50 EUR", "", 361, 4),
        ],
    ),
    "gift-note": (
        "Gift Note", "", "Søren & Fils", "Cards", "draft", {},
        [("NOTE-1", {}, "0.00 EUR", "", 0, 0)],
    ),
    "grosse-42-armel-94c7e2ef": (
        "Ärmelschoner", "Plain text, 5 < 6", "", "Apparel & Accessories / Clothing", "active", {},
        [("SLEEVE-1", {}, "9.90 EUR", "", 80, 7)],
    ),
}  # fmt: skip
WOOCOMMERCE: dict[str, Any] = {
    "hoodie-hood": (
        "Hoodie & Hood",
        "Warm.\n\nWash at 30°.",
        "Nørd",
        "Clothing / Hoodies",
        "active",
        {"Material": "Cotton, Wool"},
        [
            ("HOODIE-BLUE", {"Colour": "Blue"}, "45.00 EUR", "", 800, 5),
            ("HOODIE-GREEN", {"Colour": "Green"}, "45.50 EUR", "", 850, 0),
        ],
    ),
    "beanie": (
        "Beanie", "For cold ears.", "", "Clothing / Hats", "active", {"Size": "One, or two"},
        [("BEANIE", {}, "18.00 EUR", "96385074", 250, 0)],
    ),
}  # fmt: skip


def stored() -> dict[str, Any]:
    return {product.slug: described(product) for product in Product.objects.order_by("pk")}


def described(product: Product) -> tuple[Any, ...]:
    stock = Stock.objects.in_bulk()
    variants = [
        (v.pk, v.options, str(v.money), v.barcode, v.weight_grams, stock[v.pk].available)
        for v in product.variants.all()
    ]
    own = (product.name, product.description, product.brand, str(product.category), product.status)
    return (*own, product.attributes, variants)


@pytest.mark.parametrize(
    ("name", "read_as"),
    [
        ("shopify.csv", "UTF-8, separated by commas"),
        ("shopify_2025.csv", "UTF-8, separated by commas"),
        ("shopify_excel.csv", "Windows-1252, separated by semicolons"),
    ],
)
def test_shopify(db, name, read_as):
    said = import_file(EXPORTS / name, **MAKE)
    assert said.out[0] == f"{name}: Shopify's export, priced in EUR, {read_as}"
    assert said.out[-1] == f"{name}: 3 created, 0 updated, 0 unchanged, 1 refused"
    column = "Gift card" if "2025" in name else "Gift Card"
    assert said.errors == [f"{name}: line 12, {column}: Gift cards cannot be sold here."]
    assert stored() == SHOPIFY
    again = import_file(EXPORTS / name, **MAKE)
    assert again.out[-1] == f"{name}: 0 created, 0 updated, 3 unchanged, 1 refused"


def test_what_is_said_of_shopify_s_file(db):
    said = import_file(EXPORTS / "shopify.csv", **MAKE)
    assert said.out[1:-1] == [
        f"shopify.csv: {note}"
        for note in (
            "line 2, Image Src: linen-front.jpg is not in the folder of pictures. It is left out.",
            "line 7, Variant Barcode: ABC 123 is left out. A barcode (GTIN) has 8, 12, 13 or 14 "
            "digits.",
            "line 7, Variant Inventory Qty: -3 in stock is taken as 0.",
            "line 7, Image Src: linen back.jpg is not in the folder of pictures. It is left out.",
            "line 9, Image Src: linen-side.jpg is not in the folder of pictures. It is left out.",
            "line 10, Variant Inventory Qty: No stock is counted there, so it is 0 here: set it "
            "before it can sell.",
        )
    ]


def test_what_nobody_decided_is_refused(db):
    said = import_file(EXPORTS / "shopify.csv")
    assert said.errors == [
        f"shopify.csv: {error}"
        for error in (
            "line 2, Type: There is no category Shirts. Let --make-categories make it, or "
            "--category say where such products go.",
            "line 8, Variant SKU: This must not be empty; or let --make-skus make one.",
            "line 10, Type: There is no category Cards. Let --make-categories make it, or "
            "--category say where such products go.",
            "line 11, Type: There is no category Apparel & Accessories > Clothing. Let "
            "--make-categories make it, or --category say where such products go.",
            "line 12, Gift Card: Gift cards cannot be sold here.",
        )
    ]
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("name", "read_as"),
    [
        ("woocommerce.csv", "UTF-8, separated by commas"),
        ("woocommerce_numbers.csv", "UTF-8, separated by semicolons"),
    ],
)
def test_woocommerce(db, name, read_as):
    said = import_file(EXPORTS / name, **MAKE)
    assert said.out[0] == f"{name}: WooCommerce's export, priced in EUR, {read_as}"
    assert said.out[-1] == f"{name}: 2 created, 0 updated, 0 unchanged, 4 refused"
    assert said.errors == [
        f"{name}: {error}"
        for error in (
            "line 4, Categories: This must not be empty; or let --category say where such "
            "products go.",
            "line 5, Type: A product of the type grouped cannot be sold here.",
            'line 6, Regular price: "oops" is not a number such as 12.50.',
            "line 10, Parent: There is no variable product NOBODY in the file.",
        )
    ]
    assert stored() == WOOCOMMERCE
    again = import_file(EXPORTS / name, **MAKE)
    assert again.out[-1] == f"{name}: 0 created, 0 updated, 2 unchanged, 4 refused"


def test_what_is_said_of_woocommerce_s_file(db):
    said = import_file(EXPORTS / "woocommerce.csv", **MAKE)
    assert said.out[1:-1] == [
        f"woocommerce.csv: {note}"
        for note in (
            "line 2, Images: hoodie.jpg is not in the folder of pictures. It is left out.",
            "line 2, Images: hoodie-2.jpg is not in the folder of pictures. It is left out.",
            "line 3, Sale price: It is left out: the regular price counts.",
            "line 3, Stock: -2 in stock is taken as 0.",
            "line 3, Categories: A product lies in one category: the deepest was taken.",
            "line 7, Images: hoodie-blue.jpg is not in the folder of pictures. It is left out.",
            "line 8, Stock: No stock is counted there, so it is 0 here: set it before it can sell.",
            "line 9, Published: A variation that is not sold there is left out.",
        )
    ]


def test_two_products_of_one_name(db):
    save_category(category=Category(name="Winter", slug="winter"))
    import_file(EXPORTS / "woocommerce.csv", make_skus=True, category="winter")
    assert [product.slug for product in Product.objects.order_by("pk")] == [
        "hoodie-hood",
        "beanie",
        "beanie-62",
    ]
    assert {str(product.category) for product in Product.objects.all()} == {"Winter"}


def test_a_dry_run_says_the_same_and_makes_no_category(db):
    dry = import_file(EXPORTS / "shopify.csv", dry_run=True, **MAKE)
    assert (Product.objects.count(), Category.objects.count()) == (0, 0)
    real = import_file(EXPORTS / "shopify.csv", **MAKE)
    assert [*dry.out[:-1], *dry.errors] == [*real.out[:-1], *real.errors]
    assert dry.out[-1] == f"{real.out[-1]} (dry run)"


def test_categories_there_are_are_taken(db):
    home = save_category(category=Category(name="Home", slug="home"))
    for name in ("Cards", "shirts"):
        save_category(category=Category(name=name, slug=f"my-{name}", parent=home))
    import_file(EXPORTS / "shopify.csv", make_skus=True)
    found = {p.slug: p.category.slug for p in Product.objects.all()}
    assert found == {"linen-shirt": "my-shirts", "gift-note": "my-Cards"}


def test_a_made_category_s_slug_is_free(db):
    other = save_category(category=Category(name="Other", slug="other"))
    save_category(category=Category(name="Hoodies", slug="hoodies", parent=other))
    import_file(EXPORTS / "woocommerce.csv", **MAKE)
    assert Product.objects.get(slug="hoodie-hood").category.slug == "clothing-hoodies"


def test_pictures_by_the_name_in_their_address(db, tmp_path, picture):
    """Nothing is fetched: whoever has the files names their folder."""
    for name in ("linen-front.jpg", "linen back.jpg"):
        (tmp_path / name).write_bytes(picture(size=(len(name), 8)).read())
    said = import_file(EXPORTS / "shopify.csv", images=tmp_path, **MAKE)
    images = ProductImage.objects.order_by("position")
    assert [(image.alt, image.position) for image in images] == [("From the front", 0), ("", 1)]
    left_out = [line for line in said.out if "Image Src" in line]
    assert left_out == [
        "shopify.csv: line 9, Image Src: There is no file linen-side.jpg. It is left out."
    ]
    again = import_file(EXPORTS / "shopify.csv", images=tmp_path, **MAKE)
    assert again.out[-1] == "shopify.csv: 0 created, 0 updated, 3 unchanged, 1 refused"


# Texts and names, by themselves. --------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain, 5 < 6 & so on", "plain, 5 < 6 & so on"),
        ("two\n\nparagraphs", "two\n\nparagraphs"),
        ("<p>One</p><p>Two<br>Three</p>", "One\n\nTwo\nThree"),
        ("<div>\n  <h2>Head</h2>\n  Text&nbsp;here\n</div>", "Head\n\nText here"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<b>bold</b>\nnext line", "bold\nnext line"),
        ("a<script>alert(1)</script><style>p{}</style>b<!-- c -->", "ab"),
        ("<table><tr><td>Width</td><td>3 cm</td></tr></table>", "Width 3 cm"),
        ("&lt;b&gt; stays text", "<b> stays text"),
        ("<p>never closed", "never closed"),
        ("", ""),
    ],
)
def test_the_text_of_html(html, text):
    assert text_of(html) == text


def test_names_that_slugs_cannot_spell():
    assert slug_of_handle("linen-shirt") == "linen-shirt"
    assert slug_of_handle("größe") == "grosse-d353a267"
    assert slug_of_handle("grosse") == "grosse"
    assert slug_of_handle("チャ") == "7df1e4d2"
    assert slug_of_name("Tom & Jerry's Mug") == "tom-jerrys-mug"
    assert slug_of_name("Straße Łódź") == "strasse-lodz"


def test_skus_that_are_made_are_short_and_different():
    assert make_sku("linen-shirt", ["L", "Ink Blue"]) == "LINEN-SHIRT-L-INK-BLUE"
    long = [make_sku("x" * 90, [size]) for size in "SM"]
    assert [len(sku) for sku in long] == [64, 64]
    assert long[0] != long[1]
    assert make_sku("mug", ["blau"]) != make_sku("mug", ["bläu"])
