"""The sample catalogue and its pictures."""

import csv
import re
from collections import Counter
from io import StringIO
from typing import cast

import pytest
from django.core.management import call_command
from PIL import Image

from catalog.models import Category, Product, ProductImage, Stock, Variant
from catalog.pairs import parse_pairs
from catalog.sample.drawing import cutouts
from catalog.sample.drawing.colours import GROUNDS, levels, read_swatches
from catalog.sample.drawing.pictures import SAMPLE, Picture, read_pictures

Colour = tuple[int, ...]

SWATCHES = read_swatches(SAMPLE / "swatches.csv")
PICTURES = read_pictures(SAMPLE / "products.csv")
COLOURED = [picture for picture in PICTURES if set(picture.options.items()) & SWATCHES.keys()]
COLOURS = {"colour", "fabric", "finish", "ink", "pot"}
LOSS = 6  # levels of 255: what WebP's compression moves a whole area by
NEAREST = Image.Resampling.NEAREST
#: Light and leaves fill more of these than what has the variant's colour.
OTHERWISE = ("lamp", "plant")


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (SAMPLE / "products.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def opened(picture: Picture) -> Image.Image:
    return Image.open(SAMPLE / "images" / picture.name)


def ground_of(image: Image.Image) -> Colour:
    return cast(Colour, image.getpixel((0, 0)))


def pixels_of(image: Image.Image) -> Counter[Colour]:
    """How often each colour is there."""
    return Counter(cast("tuple[Colour, ...]", image.get_flattened_data()))


def apart(one: Colour, other: Colour) -> int:
    """The largest difference of red, green and blue."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


@pytest.mark.django_db(transaction=True)
def test_it_is_imported():
    call_command("load_sample", stdout=StringIO())
    assert Product.objects.count() == 62
    assert Variant.objects.count() == 186
    assert Category.objects.count() == 15
    assert ProductImage.objects.count() == 145
    assert Stock.objects.get(pk="HARB-MUG-RUST").available == 10
    assert Stock.objects.filter(available=0).count() == 12
    out = StringIO()
    call_command("load_sample", stdout=out)
    assert out.getvalue() == "There are products already; the sample is left out.\n"


def test_each_colour_has_its_swatch(rows):
    chosen = {pair for row in rows for pair in parse_pairs(row["options"]).items()}
    assert SWATCHES.keys() == {(option, value) for option, value in chosen if option in COLOURS}
    assert [code for code in SWATCHES.values() if not re.fullmatch("#[0-9a-f]{6}", code)] == []


def test_it_is_in_german_too(rows):
    """Only the books keep their titles: they are in English."""
    with (SAMPLE / "categories.csv").open(newline="", encoding="utf-8") as file:
        categories = list(csv.DictReader(file))
    products = [row for row in rows if row["name"]]
    assert [row["slug"] for row in categories if not row["name_de"]] == []
    assert {row["category"] for row in products if not row["name_de"]} == {"books"}
    every = [*categories, *products]
    assert [row for row in every if not row["description_de"]] == []
    names = Counter(row["name_de"] for row in every if row["name_de"])
    assert [name for name, times in names.items() if times > 1] == []


def test_each_variant_has_a_picture_that_tells_it(rows):
    names = {row["product_slug"]: row["name"] for row in rows if row["name"]}
    for row in rows:
        assert row["image"].startswith(row["product_slug"])
        assert row["image_alt"].startswith(names[row["product_slug"]])
    alts = {row["sku"]: row["image_alt"] for row in rows}
    assert alts["HARB-MUG-INKBLU"] == "Harbour Mug in Ink Blue"
    assert alts["PILE-PLAN-TERRAC"] == "Pilea Plant in a terracotta pot"
    assert alts["IRON-SKIL-PAN-20CM"] == "Iron Skillet Pan, 20 cm across"


def test_a_picture_shows_what_its_variants_have_in_common():
    shown = {picture.name: picture for picture in PICTURES}
    assert shown["stew-pot-red.webp"].options == {"colour": "Red"}
    assert shown["brass-fountain-pen.webp"].options == {}
    assert shown["iron-skillet-pan-20-cm.webp"].size == 20 / 28
    assert shown["pasta-pot-5-l.webp"].size == pytest.approx((5 / 8) ** (1 / 3))
    assert shown["snake-plant-30-cm.webp"].size == 0.62


def test_the_folder_holds_the_pictures_and_nothing_else():
    assert len(PICTURES) == 145
    assert max(Counter(picture.slug for picture in PICTURES).values()) == 3
    files = {path.name for path in (SAMPLE / "images").iterdir()}
    assert files == {picture.name for picture in PICTURES}


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_is_a_square_with_room_at_its_sides(picture):
    with opened(picture) as image:
        assert (image.format, image.mode, image.size) == ("WEBP", "RGB", (1200, 1200))
        ground = ground_of(image)
        image.paste(ground, (115, 115, 1085, 1085))
        sides = image.reduce(5)
    assert min(apart(ground, levels(colour)) for colour in GROUNDS) <= LOSS
    assert max(apart(ground, pixel) for pixel in pixels_of(sides)) <= LOSS


@pytest.mark.parametrize("picture", COLOURED, ids=lambda picture: picture.name)
def test_a_picture_has_its_variants_colour(picture):
    (colour,) = (SWATCHES[pair] for pair in picture.options.items() if pair in SWATCHES)
    with opened(picture) as image:
        ground, pixels = ground_of(image), pixels_of(image.resize((300, 300), NEAREST))

    def area(around: Colour) -> int:
        return sum(count for pixel, count in pixels.items() if apart(pixel, around) <= LOSS)

    own = area(levels(colour))
    if picture.slug.endswith(OTHERWISE):
        assert own > 0.04 * 300 * 300
    else:
        known = (ground, levels(colour))
        others = [p for p in pixels if min(apart(p, one) for one in known) > 2 * LOSS]
        assert own > area(max(others, key=lambda other: pixels[other]))


@pytest.mark.parametrize(
    "name",
    [
        "harbour-mug-ink-blue", "copper-sauce-pan-14-cm", "arc-floor-lamp-brass",
        "oak-dining-table-160-cm", "striped-cushion-red", "monstera-plant-40-cm",
        "flannel-shirt-forest", "cedar-pencil", "the-lamp-keeper-book-paperback",
    ],
)  # fmt: skip
def test_it_is_drawn_again_to_the_byte(name, tmp_path):
    (picture,) = (picture for picture in PICTURES if picture.name == f"{name}.webp")
    picture.canvas(SWATCHES).save(tmp_path / picture.name)
    drawn = (tmp_path / picture.name).read_bytes()
    assert drawn == (SAMPLE / "images" / picture.name).read_bytes()


@pytest.mark.parametrize(
    ("pieces", "size"),
    [(cutouts.SCENE, 560), (cutouts.CATEGORIES, 480)],
    ids=["scene", "categories"],
)
def test_a_cutout_has_no_ground(pieces, size):
    corners = [(x, y) for x in (0, size - 1) for y in (0, size - 1)]
    for name, _kind, colour in pieces:
        path = cutouts.FOLDER / f"{name}.webp"
        assert path.stat().st_size < 8_000
        with Image.open(path) as image:
            assert (image.format, image.mode, image.size) == ("WEBP", "RGBA", (size, size))
            assert [image.getpixel(corner) for corner in corners] == [(0, 0, 0, 0)] * 4
            pixels = pixels_of(image)
        assert pixels[(*levels(colour), 255)] > 0.02 * size * size
        assert pixels[(0, 0, 0, 31)] > 0 or name == "clothing"  # its shadow: 12 % of black


def test_a_cutout_of_each_category_at_the_root():
    with (SAMPLE / "categories.csv").open(newline="", encoding="utf-8") as file:
        roots = [row["slug"] for row in csv.DictReader(file) if not row["parent"]]
    assert [name for name, _kind, _colour in cutouts.CATEGORIES] == roots


def test_a_cutout_is_drawn_again_to_the_byte(tmp_path):
    path = tmp_path / "kitchen.webp"
    cutouts.save_cutout(cutouts.draw_cutout("pot", "#c4573a", 480), path)
    assert path.read_bytes() == (cutouts.FOLDER / path.name).read_bytes()
