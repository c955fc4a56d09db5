"""Pictures as the shop keeps them: decoded whole, and written anew from the pixels alone.

So what is stored is a picture to its end and nothing else: no place where it was taken, no
comment, no page hidden behind it. It stands upright and is in sRGB, whatever it said of
itself. From the same pixels come its renditions, small ones for small screens. Pillow is imported
when the first picture comes: only the admin and the import need it.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from PIL.Image import Image

#: Pillow's names of the accepted formats, with the one that each is stored as. Cameras that
#: take several pictures at once write MPO: JPEGs, one behind the other; the first is taken.
IMAGE_FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "WEBP": "WEBP"}
ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
#: Named in a refusal, rather than "not a picture".
REFUSED_FORMATS = ("GIF", "BMP", "TIFF")
UNREADABLE = _("This is not a picture that can be read.")
DAMAGED = _("The picture's file is cut off or damaged: save it again.")
#: How each is written. The work is bounded: 25 million pixels take seconds, not a minute.
WRITING: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 90, "progressive": True},
    "PNG": {"compress_level": 4},
    "WEBP": {"quality": 90, "method": 2},
}
#: Of renditions, in pixels: a phone's half row up to a product's page on a large screen.
WIDTHS = (160, 320, 480, 640, 960)
# Method 4 takes twice as long, for a tenth of the bytes.
RENDITION: dict[str, Any] = {"quality": 82, "method": 2}
TALLEST = 16_383  # pixels of a WebP's side
#: How far the corners' colours may lie apart, of 255, and still be one ground: more than paper
#: in uneven light, less than two things in a photograph.
ONE_GROUND = 24


class Look(NamedTuple):
    """What is known of a picture beside its file.

    `width` and `height` in pixels, `ground` the colour it stands on (#rrggbb; empty if it is
    transparent there or there is none), `renditions` WebP by width, ascending.
    """

    width: int
    height: int
    ground: str
    renditions: Mapping[int, bytes]


class Picture(ContentFile):
    """A picture that was written anew; it knows its MIME type and its look."""

    def __init__(self, content: bytes, kind: str, look: Look):
        super().__init__(content, name=f"picture.{ENDINGS[kind]}")
        self.content_type = f"image/{kind.lower()}"
        self.look = look


class Rendition(ContentFile):
    """A smaller picture, as WebP."""

    content_type = "image/webp"


def rendition_name(name: str, width: int) -> str:
    """Where a picture's rendition is, of its name or its address: `products/ab.jpg` has
    `products/ab-640.webp`.
    """
    return f"{name.rpartition('.')[0]}-{width}.webp"


def inspect_image(upload: File[Any]) -> tuple[str, tuple[int, int]]:
    """Pillow's name of the format, and width and height, without decoding the pixels.

    Raises django's ValidationError if it is no picture.
    """
    from PIL import Image, UnidentifiedImageError

    upload.seek(0)
    try:
        with Image.open(upload, formats=(*ENDINGS, *REFUSED_FORMATS)) as image:
            return image.format or "", image.size
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        raise ValidationError(UNREADABLE) from error
    finally:
        upload.seek(0)


def write_anew(upload: File[Any]) -> Picture:
    """The picture, of animated ones and of several the first. Its format and size were checked.

    Raises django's ValidationError if it cannot be decoded to its end.
    """
    from PIL import Image

    upload.seek(0)
    try:
        with Image.open(upload, formats=tuple(ENDINGS)) as image:
            kind = IMAGE_FORMATS[image.format or ""]
            image.load()
            pixels = upright(in_srgb(image))
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise ValidationError(DAMAGED) from error
    finally:
        upload.seek(0)
    pixels.info.clear()  # writing would pass on what is in it: comments, profiles
    content = BytesIO()
    lossless = {"lossless": True} if kind == "WEBP" and is_lossless(upload) else {}
    pixels.save(content, kind, **WRITING[kind], **lossless)
    return Picture(content.getvalue(), kind, look_at(pixels, pixels.size))


def read_look(stored: File[Any]) -> Look:
    """The look of a picture that was stored without. A JPEG is decoded no larger than it need be.

    Raises django's ValidationError if it is no picture any more.
    """
    from PIL import Image

    try:
        with Image.open(stored, formats=tuple(ENDINGS)) as image:
            size = image.size
            image.draft(image.mode, (2 * WIDTHS[-1], 1))
            image.load()
            return look_at(in_srgb(image), size)
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise ValidationError(UNREADABLE) from error


def look_at(pixels: Image, size: tuple[int, int]) -> Look:
    """The look of a picture of this size, from its pixels or from fewer of them."""
    # Twice the largest rendition is enough for all: a tenth of the work, and of the memory.
    near = pixels.reduce(max(1, pixels.width // (2 * WIDTHS[-1])))
    ground = ground_of(near)
    renditions: dict[int, bytes] = {}
    for width in reversed(WIDTHS):
        height = max(1, round(size[1] * width / size[0]))
        if width < size[0] and height <= TALLEST:
            near = shrunk(near, width, height)  # each from the one above it: half the work
            renditions[width] = as_webp(near)
    return Look(*size, ground, dict(sorted(renditions.items())))


def shrunk(pixels: Image, width: int, height: int) -> Image:
    from PIL.Image import Resampling

    return pixels.resize((width, height), Resampling.LANCZOS)


def as_webp(pixels: Image) -> bytes:
    content = BytesIO()
    pixels.save(content, "WEBP", **RENDITION)
    return content.getvalue()


def ground_of(pixels: Image) -> str:
    """The median of the corners' colours; empty where they are transparent or far apart."""
    corners = [corner(pixels, right, low) for right in (False, True) for low in (False, True)]
    if any(opacity < 255 for *_colour, opacity in corners):
        return ""
    channels = list(zip(*corners, strict=True))[:3]
    if any(max(channel) - min(channel) > ONE_GROUND for channel in channels):
        return ""
    return "#" + "".join(f"{round(median(channel)):02x}" for channel in channels)


def corner(pixels: Image, right: bool, low: bool) -> tuple[int, ...]:
    """The mean colour of a corner, as red, green, blue and opacity."""
    from PIL.Image import Resampling

    side = max(1, min(pixels.size) // 50)
    left = pixels.width - side if right else 0
    top = pixels.height - side if low else 0
    patch = pixels.crop((left, top, left + side, top + side)).convert("RGBA")
    mean: Any = patch.resize((1, 1), Resampling.BOX).getpixel((0, 0))
    return tuple(mean)


def upright(image: Image) -> Image:
    """Turned as the camera was held."""
    from PIL import ImageOps

    return ImageOps.exif_transpose(image)


def in_srgb(image: Image) -> Image:
    """In 8 bits of grey, RGB or RGBA, with the colours that its profile means."""
    profile = image.info.get("icc_profile")
    plain = image if image.mode in ("L", "RGB", "RGBA", "CMYK") else in_eight_bits(image)
    managed = follow_profile(plain, profile) if profile else plain
    if managed.has_transparency_data:
        return managed.convert("RGBA")
    return managed if managed.mode in ("L", "RGB") else managed.convert("RGB")


def in_eight_bits(image: Image) -> Image:
    if image.mode.startswith("I"):  # 16 bits of grey, which convert() would cut at 255
        return image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if image.mode == "1":
        return image.convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def follow_profile(image: Image, profile: bytes) -> Image:
    """The colours of an ICC profile in sRGB; as they are if it fits no picture of this kind."""
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return image
        target = ImageCms.createProfile("sRGB")
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        managed = ImageCms.profileToProfile(image, source, target, outputMode=mode)
    except (ImageCms.PyCMSError, OSError):
        return image
    return managed or image


def is_lossless(upload: File[Any]) -> bool:
    """Of a WebP: whether its first picture is in the lossless kind's chunk."""
    content = upload.read()
    upload.seek(0)
    lossless, lossy = content.find(b"VP8L"), content.find(b"VP8 ")
    return lossless >= 0 and (lossy < 0 or lossless < lossy)
