"""What is known of a picture, and its smaller versions: with each new one, and for older ones."""

from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from PIL import Image

from catalog.models import Listing, Product, ProductImage
from catalog.pictures import Look, read_look, rendition_name, write_anew
from catalog.services import looks, publish_product

pytestmark = pytest.mark.django_db(transaction=True)
UNKNOWN: dict[str, Any] = {"width": None, "height": None, "ground": "", "renditions": []}


def file_of(image: Image.Image, kind: str = "PNG") -> SimpleUploadedFile:
    content = BytesIO()
    image.save(content, kind)
    return SimpleUploadedFile(f"a.{kind.lower()}", content.getvalue())


def look_of(image: Image.Image, kind: str = "PNG") -> Look:
    return write_anew(file_of(image, kind)).look


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def stored(name: str) -> Image.Image:
    with default_storage.open(name) as file:
        return opened(file.read())


def sizes(look: Look) -> list[tuple[int, int]]:
    found = [opened(content) for content in look.renditions.values()]
    assert {image.format for image in found} <= {"WEBP"}
    return [image.size for image in found]


# Without a shop ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "renditions"),
    [
        ((160, 160), []),
        ((161, 80), [(160, 80)]),
        ((1200, 900), [(160, 120), (320, 240), (480, 360), (640, 480), (960, 720)]),
        ((4000, 3), [(160, 1), (320, 1), (480, 1), (640, 1), (960, 1)]),
        # No WebP is taller than 16,383 pixels.
        ((1000, 25_000), [(160, 4000), (320, 8000), (480, 12_000), (640, 16_000)]),
    ],
)
def test_the_widths_below_the_picture_s(size, renditions):
    look = look_of(Image.new("L", size, 90))
    assert (look.width, look.height) == size
    assert sizes(look) == renditions
    assert list(look.renditions) == [width for width, _ in renditions]


def test_a_turned_camera_s_width_is_the_upright_one():
    exif = Image.Exif()
    exif[0x0112] = 6
    content = BytesIO()
    Image.new("RGB", (400, 200), "red").save(content, "JPEG", exif=exif)
    look = write_anew(SimpleUploadedFile("a.jpg", content.getvalue())).look
    assert (look.width, look.height, sizes(look)) == (200, 400, [(160, 320)])


def test_a_rendition_shows_the_same():
    image = Image.new("RGB", (400, 400), "#2f4a6d")
    image.paste("#f3ece1", (0, 0, 200, 400))
    look = look_of(image)
    small = opened(look.renditions[160]).convert("RGB")
    for x, colour in ((20, (243, 236, 225)), (140, (47, 74, 109))):
        pixel: Any = small.getpixel((x, 80))
        assert max(abs(a - b) for a, b in zip(pixel, colour, strict=True)) <= 4


def test_a_rendition_is_transparent_where_the_picture_is():
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    image.paste((200, 30, 30, 255), (100, 100, 300, 300))
    look = look_of(image)
    small = opened(look.renditions[320])
    assert (small.mode, look.ground) == ("RGBA", "")
    edge: Any = small.getpixel((0, 0))
    middle: Any = small.getpixel((160, 160))
    assert (edge[3], middle[3]) == (0, 255)


def corners(*colours: Any, mode: str = "RGB") -> Image.Image:
    """A picture with these colours in its corners."""
    image = Image.new(mode, (200, 200), colours[0])
    for place, colour in enumerate(colours):
        x, y = 100 * (place % 2), 100 * (place // 2)
        image.paste(colour, (x, y, x + 100, y + 100))
    return image


CLEAR = (243, 236, 225, 0)
PAPER = (243, 236, 225, 255)


@pytest.mark.parametrize(
    ("image", "ground"),
    [
        (Image.new("RGB", (1200, 1200), "#f3ece1"), "#f3ece1"),
        (Image.new("RGB", (1, 1), "#f3ece1"), "#f3ece1"),
        (Image.new("L", (40, 40), 255), "#ffffff"),
        (Image.new("RGBA", (40, 40), PAPER), "#f3ece1"),
        (corners("#101010", "#121212", "#141414", "#280f10"), "#131111"),
        (corners("#ffffff", "#ffffff", "#ffffff", "#e6ffff"), ""),  # 25 apart
        (corners("#ffffff", "#ffffff", "#ffffff", "#e7ffff"), "#ffffff"),  # 24
        (corners(PAPER, PAPER, PAPER, CLEAR, mode="RGBA"), ""),
        (Image.new("RGBA", (40, 40), (243, 236, 225, 254)), ""),
    ],
)
def test_the_ground(image, ground):
    assert look_of(image).ground == ground


def test_the_look_of_a_stored_jpeg_is_that_of_all_its_pixels():
    """Though it is decoded at half its size."""
    image = Image.new("RGB", (6001, 4001), "#f3ece1")
    file = file_of(image, "JPEG")
    look, taken = read_look(file), look_of(image, "JPEG")
    assert (look.width, look.height, look.ground) == (6001, 4001, taken.ground)
    assert sizes(look) == sizes(taken)


def test_the_name_follows_from_the_picture_s():
    assert rendition_name("products/ab12.jpg", 640) == "products/ab12-640.webp"
    assert rendition_name("products/ab12.webp", 160) == "products/ab12-160.webp"


# In the shop -------------------------------------------------------------------------


def large() -> SimpleUploadedFile:
    return file_of(Image.new("RGB", (400, 300), "#2f4a6d"), "JPEG")


def test_a_new_picture_has_its_renditions(product):
    image = ProductImage.objects.create(product=product, file=large())
    image.refresh_from_db()
    assert (image.width, image.height, image.renditions) == (400, 300, [160, 320])
    assert image.ground == "#304a6f"  # JPEG's next to it
    assert stored(rendition_name(str(image.file.name), 320)).size == (320, 240)
    bucket: Any = default_storage
    kept = bucket.bucket.Object(rendition_name(str(image.file.name), 160))
    assert kept.content_type == "image/webp"
    assert kept.cache_control == "public, max-age=31536000, immutable"


def test_the_api_shows_them(guest, product):
    image = ProductImage.objects.create(product=product, file=large(), alt="A mug")
    publish_product(product=Product.objects.get(pk=product.pk))
    start = image.file.url.removesuffix(".jpg")
    shown = {
        "url": f"{start}.jpg",
        "alt": "A mug",
        "width": 400,
        "height": 300,
        "ground": image.ground,
        "renditions": [
            {"width": 160, "url": f"{start}-160.webp"},
            {"width": 320, "url": f"{start}-320.webp"},
        ],
    }
    (card,) = guest.get("/api/v1/products/").json()["results"]
    page = guest.get("/api/v1/products/red-mug/").json()
    assert [card["image"], *page["images"], page["variants"][0]["image"]] == [shown] * 3


def test_no_row_without_its_files(product, monkeypatch):
    """GIVEN storage that fails at the last rendition, there is no row."""
    save = ProductImage.store_renditions

    def fail(image: ProductImage, look: Look) -> None:
        save(image, Look(look.width, look.height, look.ground, {160: look.renditions[160]}))
        raise OSError

    monkeypatch.setattr(ProductImage, "store_renditions", fail)
    with pytest.raises(OSError):
        ProductImage.objects.create(product=product, file=large())
    assert not ProductImage.objects.exists()


def test_another_file_has_another_look(product):
    image = ProductImage.objects.create(product=product, file=large())
    image.file = file_of(Image.new("RGB", (200, 100), "red"))
    image.save(update_fields=["file"])
    image.refresh_from_db()
    assert (image.width, image.height, image.ground) == (200, 100, "#ff0000")
    assert image.renditions == [160]


# Pictures of before ------------------------------------------------------------------


@pytest.fixture
def old(product) -> ProductImage:
    """A picture as it was stored before there were renditions."""
    image = ProductImage.objects.create(product=product, file=large())
    for width in image.renditions:
        default_storage.delete(rendition_name(str(image.file.name), width))
    ProductImage.objects.filter(pk=image.pk).update(**UNKNOWN)
    publish_product(product=Product.objects.get(pk=product.pk))
    return ProductImage.objects.get(pk=image.pk)


def make() -> str:
    out = StringIO()
    call_command("make_renditions", stdout=out, stderr=StringIO())
    return out.getvalue()


def test_they_get_their_renditions(old, calls):
    with calls() as made:
        assert make() == "1 pictures have their renditions now.\n"
    assert "Scan" not in {call.operation for call in made}
    image = ProductImage.objects.get()
    assert (image.file.name, image.width, image.height) == (old.file.name, 400, 300)
    assert image.renditions == [160, 320]
    assert stored(rendition_name(str(image.file.name), 320)).size == (320, 240)
    card = Listing.objects.get(shelf="all", position=old.product_id).card
    assert card["image"] == image.as_dict()


def test_the_second_time_there_is_nothing_to_do(old, written):
    make()
    with written() as statements:
        assert make() == "0 pictures have their renditions now.\n"
    assert statements == []


def test_killed_before_the_rows_it_begins_again(old, monkeypatch):
    def killed(*args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(looks, "write_looks", killed)
        make()
    assert ProductImage.objects.get().width is None
    before = sorted(default_storage.listdir("products")[1])
    assert make() == "1 pictures have their renditions now.\n"
    assert sorted(default_storage.listdir("products")[1]) == before


def test_page_by_page(make_product, monkeypatch):
    monkeypatch.setattr(looks, "PAGE", 2)
    for number in range(5):
        product = make_product(f"Mug {number}")
        ProductImage(product=product, file=large()).save()
        publish_product(product=product)
    ProductImage.objects.update(**UNKNOWN)
    assert make() == "5 pictures have their renditions now.\n"
    assert {image.width for image in ProductImage.objects.all()} == {400}


def test_a_file_that_is_gone_is_told_and_the_rest_is_done(old, make_product):
    default_storage.delete(str(old.file.name))
    other = make_product("Blue Mug")
    ProductImage(product=other, file=large()).save()
    publish_product(product=other)
    ProductImage.objects.filter(product=other).update(**UNKNOWN)
    with pytest.raises(CommandError, match=rf"{old.file.name} of red-mug: "):
        make()
    assert [image.width for image in ProductImage.objects.order_by("pk")] == [None, 400]
