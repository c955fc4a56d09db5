"""Which variants an imported picture shows, by the columns of each kind of file."""

from pathlib import Path

import pytest

from catalog.importing.reading import PRODUCT_COLUMNS
from catalog.models import ProductImage, Variant
from tests.catalog.importing import import_file

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = ",".join(PRODUCT_COLUMNS)
LINE = "shirt,{name},,,mugs,active,,{sku},{options},12.00,EUR,,,5,{image},"


@pytest.fixture
def folder(mugs, tmp_path, picture) -> Path:
    """Different pictures of these names."""
    for number, name in enumerate(("red.png", "blue.png", "all.png", "red-too.png")):
        (tmp_path / name).write_bytes(picture(size=(8, 8 + number)).read())
    return tmp_path


def own(folder: Path, *rows: tuple[str, str, str]) -> list[str]:
    """Import a shirt of these SKUs, options and pictures by this shop's own columns; what is
    said last, and any error."""
    lines = [
        LINE.format(name="" if place else "Shirt", sku=sku, options=options, image=image)
        for place, (sku, options, image) in enumerate(rows)
    ]
    path = folder / "products.csv"
    path.write_text("\n".join((HEADER, *lines)))
    said = import_file(path, images=folder)
    return [said.out[-1].removeprefix("products.csv: "), *said.errors]


def shown() -> list[dict[str, str]]:
    return [image.options for image in ProductImage.objects.order_by("position")]


CREATED = ["1 created, 0 updated, 0 unchanged"]
UPDATED = ["0 created, 1 updated, 0 unchanged"]
RED_S = ("S-1", "colour=Red; size=S", "red.png")


def test_a_picture_shows_what_its_rows_have_in_common(folder):
    rows = [
        RED_S,
        ("S-2", "colour=Red; size=M", "red.png"),
        ("S-3", "colour=Blue; size=S", "blue.png"),
        ("S-4", "colour=Blue; size=M", ""),
        ("S-5", "colour=Green; size=S", "all.png"),
        ("S-6", "colour=White; size=M", "all.png"),
    ]
    assert own(folder, *rows) == CREATED
    assert shown() == [{"colour": "Red"}, {"colour": "Blue", "size": "S"}, {}]
    red, blue, whole = (image.file.name for image in ProductImage.objects.order_by("position"))
    images = [Variant.objects.get(pk=f"S-{number}").image for number in range(1, 7)]
    assert images == [red, red, blue, whole, whole, whole]
    assert own(folder, *rows) == ["0 created, 0 updated, 1 unchanged"]


def test_other_rows_make_it_show_others(folder):
    assert own(folder, RED_S, ("S-2", "colour=Red; size=M", "")) == CREATED
    before = ProductImage.objects.get()
    assert before.options == {"colour": "Red", "size": "S"}
    assert own(folder, RED_S, ("S-2", "colour=Red; size=M", "red.png")) == UPDATED
    after = ProductImage.objects.get()
    assert (after.pk, after.file.name, after.options) == (
        before.pk,
        before.file.name,
        {"colour": "Red"},
    )


def test_one_picture_by_two_names(folder):
    (folder / "red-too.png").write_bytes((folder / "red.png").read_bytes())
    assert own(folder, RED_S, ("S-2", "colour=Red; size=M", "red-too.png")) == CREATED
    assert shown() == [{"colour": "Red"}]


def test_wrong_options_are_told_once(folder):
    (said, error) = own(folder, ("S-1", "Red", "red.png"))
    assert said == "0 created, 0 updated, 0 unchanged, 1 refused"
    assert error.startswith("products.csv: line 2, options: Write names and values")


SHOPIFY = (
    "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,"
    "Variant Price,Image Src,Variant Image,Type,Status,Variant Inventory Qty"
)


def test_shopify_s_variant_image(folder):
    """Its `Image Src` stands in whichever line; only `Variant Image` is of the line's variant."""
    path = folder / "export.csv"
    at = "https://x.test/"
    rows = (
        f"shirt,Shirt,Colour,Red,Size,S,S-1,1,{at}all.png,{at}red.png?v=1,Shirts,active,1",
        f"shirt,,,Red,,M,S-2,1,{at}red.png?v=1,{at}red.png?v=1,,,1",
        f"shirt,,,Blue,,S,S-3,1,,{at}blue.png,,,1",
    )
    path.write_text("\n".join((SHOPIFY, *rows)))
    said = import_file(path, images=folder, make_categories=True)
    assert said.out[-1] == "export.csv: 1 created, 0 updated, 0 unchanged"
    assert shown() == [{}, {"Colour": "Red"}, {"Colour": "Blue", "Size": "S"}]


WOO = (
    "ID,Type,SKU,Name,Published,Regular price,Categories,Images,Parent,Stock,In stock?,"
    "Attribute 1 name,Attribute 1 value(s)"
)


def test_woocommerce_s_variations(folder):
    """A variation's picture shows it, also where it stands among its product's too."""
    path = folder / "export.csv"
    at = "https://x.test/"
    rows = (
        f'1,variable,P,Shirt,1,,Shirts,"{at}all.png, {at}red.png",,,1,Colour,"Red, Blue"',
        f"2,variation,S-1,Shirt - Red,1,1,,{at}red.png,P,1,1,Colour,Red",
        f"3,variation,S-2,Shirt - Blue,1,1,,{at}blue.png,P,1,1,Colour,Blue",
    )
    path.write_text("\n".join((WOO, *rows)))
    said = import_file(path, images=folder, make_categories=True)
    assert said.out[-1] == "export.csv: 1 created, 0 updated, 0 unchanged"
    assert shown() == [{}, {"Colour": "Red"}, {"Colour": "Blue"}]
