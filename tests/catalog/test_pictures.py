"""Pictures are decoded whole and written anew, by the admin and by the import alike."""

from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from catalog.models import Product, ProductImage
from catalog.pictures import write_anew
from tests.catalog.forms import change_url, errors_of, management, with_one_variant

CASES = Path(__file__).parents[1] / "cases" / "pictures"
CUT_OFF = "The picture's file is cut off or damaged: save it again."
HEADER = (
    "product_slug,name,description,brand,category,status,attributes,sku,options,price,"
    "currency,barcode,weight_grams,stock,image,image_alt\n"
)
MUG = "red-mug,Red Mug,,,mugs,active,,MUG-1,,12.00,EUR,,,5,{},\n"
PAGE = b"<html><script>alert(1)</script></html>"


def by_the_admin(manager: Any, product: Product, path: Path) -> list[str]:
    """What the form finds wrong; nothing if the picture is stored."""
    data = with_one_variant(product, **management("images", total=1), **{"images-0-position": 0})
    upload = SimpleUploadedFile(path.name, path.read_bytes())
    response = manager.post(change_url(product), {**data, "images-0-file": upload})
    return [] if response.status_code == 302 else errors_of(response)


def by_the_import(manager: Any, product: Product, path: Path) -> list[str]:
    """What the import finds wrong; nothing if the picture is stored."""
    table = Path(path.parent, "products.csv")
    table.write_text(HEADER + MUG.format(path.name))
    errors = StringIO()
    try:
        call_command(
            "import_catalogue", table, images=path.parent, stdout=StringIO(), stderr=errors
        )
    except CommandError:
        start = "products.csv: line 2, image: "
        return [line.removeprefix(start) for line in errors.getvalue().splitlines()]
    return []


@pytest.fixture(params=[by_the_admin, by_the_import])
def give(request, manager, product, tmp_path) -> Callable[[bytes, str], list[str]]:
    """`give(content, "a.jpg")`: by one way or the other; what was found wrong."""

    def give(content: bytes, name: str) -> list[str]:
        path = tmp_path / name
        path.write_bytes(content)
        return request.param(manager, product, path)

    return give


def stored() -> tuple[bytes, Image.Image]:
    """The one picture there is, as browsers get it."""
    with default_storage.open(str(ProductImage.objects.get().file.name)) as file:
        content = file.read()
    image = Image.open(BytesIO(content))
    image.load()
    return content, image


def case(name: str) -> Image.Image:
    return Image.open(BytesIO((CASES / name).read_bytes()))


def test_several_pictures_in_one_file(give):
    assert give((CASES / "mpo.jpg").read_bytes(), "mpo.jpg") == []
    content, image = stored()
    assert (image.format, image.size, content[-2:]) == ("JPEG", (600, 400), b"\xff\xd9")
    assert alike(image, case("mpo.jpg"))


def test_a_turned_camera_that_says_where_it_was(give):
    original = case("rotated_gps.jpg")
    assert dict(original.getexif().get_ifd(0x8825))  # GPS
    assert give((CASES / "rotated_gps.jpg").read_bytes(), "rotated_gps.jpg") == []
    content, image = stored()
    assert (image.size, image.info.keys(), dict(image.getexif())) == ((400, 600), JFIF, {})
    assert b"Exif" not in content
    assert alike(image, original.transpose(Image.Transpose.ROTATE_270))


def test_a_file_that_is_cut_off(give):
    assert give((CASES / "trunc.jpg").read_bytes(), "trunc.jpg") == [CUT_OFF]
    assert not ProductImage.objects.exists()


JFIF = {"jfif": 0, "jfif_version": 0, "jfif_unit": 0, "jfif_density": 0, "progressive": 0,
        "progression": 0}.keys()  # fmt: skip


def alike(one: Image.Image, other: Image.Image, most: int = 12) -> bool:
    """Whether no 40 by 40 pixels differ in a channel's mean by more than `most` of 255."""
    small = [image.convert("RGB").reduce(40).tobytes() for image in (one, other)]
    assert len(small[0]) == len(small[1])
    return max(abs(a - b) for a, b in zip(*small, strict=True)) <= most


def hidden_in(kind: str) -> bytes:
    """A picture with a page in a comment, in its metadata and behind its end."""
    content, image = BytesIO(), Image.new("RGB", (64, 64), "red")
    exif = Image.Exif()
    exif[0x010E] = PAGE.decode()
    if kind == "JPEG":
        image.save(content, kind, comment=PAGE, exif=exif)
    elif kind == "PNG":
        info = PngInfo()
        info.add_text("Comment", PAGE.decode())
        image.save(content, kind, pnginfo=info, exif=exif)
    else:
        image.save(content, kind, exif=exif, xmp=PAGE)
    return content.getvalue() + PAGE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_hidden_in_a_picture_is_not_served(give, kind):
    upload = hidden_in(kind)
    assert upload.count(b"<script>") == 3
    assert give(upload, f"a.{kind.lower()}") == []
    content, image = stored()
    assert (image.format, image.size, content.count(b"<script>")) == (kind, (64, 64), 0)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_file_that_is_cut_off_in_the_middle(give, kind):
    content = BytesIO()
    Image.effect_noise((64, 64), 80).save(content, kind)
    assert give(content.getvalue()[: len(content.getvalue()) // 2], f"a.{kind.lower()}")
    assert not ProductImage.objects.exists()


def test_an_import_again_knows_its_file(manager, product, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes((CASES / "rotated_gps.jpg").read_bytes())
    assert by_the_import(manager, product, path) == []
    before = ProductImage.objects.get()
    out = StringIO()
    call_command("import_catalogue", tmp_path / "products.csv", images=tmp_path, stdout=out)
    assert out.getvalue().endswith("products.csv: 0 created, 0 updated, 1 unchanged\n")
    assert ProductImage.objects.get().file.name == before.file.name


# Colours, by the function itself: `tests` above show that both ways go through it. -----------


def anew(image: Image.Image, kind: str, **options: Any) -> Image.Image:
    content = BytesIO()
    image.save(content, kind, **options)
    picture = write_anew(SimpleUploadedFile("a", content.getvalue()))
    return Image.open(picture)


def pixel(image: Image.Image) -> Any:
    return image.getpixel((4, 4))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_transparency_is_kept(kind):
    image = anew(Image.new("RGBA", (8, 8), (200, 30, 30, 128)), kind, lossless=True)
    assert (image.mode, pixel(image)) == ("RGBA", (200, 30, 30, 128))


def test_a_palette_with_a_hole():
    image = Image.new("P", (8, 8), 1)
    image.putpalette([0, 0, 0, 10, 200, 30])
    image.putpixel((0, 0), 0)
    written = anew(image, "PNG", transparency=0)
    assert (written.mode, pixel(written)) == ("RGBA", (10, 200, 30, 255))
    assert written.getpixel((0, 0)) == (0, 0, 0, 0)


def test_a_palette_without_one():
    image = Image.new("P", (8, 8), 1)
    image.putpalette([0, 0, 0, 10, 200, 30])
    written = anew(image, "PNG")
    assert (written.mode, pixel(written)) == ("RGB", (10, 200, 30))


def test_sixteen_bits_of_grey_are_scaled_and_not_cut():
    image = anew(Image.new("I;16", (8, 8), 32_768), "PNG")
    assert (image.mode, pixel(image)) == ("L", 128)


@pytest.mark.parametrize(("mode", "colour", "shown"), [("L", 77, 77), ("1", 1, 255)])
def test_greys_stay_grey(mode, colour, shown):
    image = anew(Image.new(mode, (8, 8), colour), "PNG")
    assert (image.mode, pixel(image)) == ("L", shown)


def test_print_colours_become_those_of_screens():
    """CMYK, which browsers show each in its own way."""
    image = anew(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG", quality=100)
    assert image.mode == "RGB"
    red, green, blue = pixel(image)
    assert (red, green, blue) == (254, 0, 0)


def test_a_profile_is_followed_and_dropped():
    """GIVEN a profile in which red and blue are swapped, the picture is shown as it meant."""
    profile = swapped()
    image = anew(Image.new("RGB", (8, 8), (255, 0, 0)), "PNG", icc_profile=profile)
    assert "icc_profile" not in image.info
    assert pixel(image) == (0, 0, 255)


def swapped() -> bytes:
    """sRGB's own profile, its red and blue colorants named the other way round."""
    content = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swap = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ"}
    head, count = content[:132], int.from_bytes(content[128:132], "big")
    tags = [content[132 + 12 * at : 144 + 12 * at] for at in range(count)]
    table = b"".join(swap.get(tag[:4], tag[:4]) + tag[4:] for tag in tags)
    return (head + table + content[132 + 12 * count :]).replace(
        "sRGB".encode("utf-16-be"), "mine".encode("utf-16-be")
    )


@pytest.mark.parametrize(
    ("mode", "grey", "kind"),
    [("RGB", (9, 9, 9), "PNG"), ("L", 9, "PNG"), ("CMYK", (0, 0, 0, 246), "JPEG")],
)
def test_a_profile_that_is_none_is_dropped(mode, grey, kind):
    image = anew(Image.new(mode, (8, 8), grey), kind, icc_profile=b"no profile")
    assert "icc_profile" not in image.info
    assert pixel(image.convert("RGB")) == (9, 9, 9)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_picture(kind):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    image = anew(frames[0], kind, save_all=True, append_images=frames[1:], lossless=True)
    assert (getattr(image, "n_frames", 1), pixel(image)) == (1, (255, 0, 0))
