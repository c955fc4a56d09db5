"""Pictures as the shop keeps them: decoded whole, and written anew from the pixels alone.

So what is stored is a picture to its end and nothing else: no place where it was taken, no
comment, no page hidden behind it. It stands upright and is in sRGB, whatever it said of
itself. Pillow is imported when the first picture comes: only the admin and the import need it.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File

if TYPE_CHECKING:
    from PIL.Image import Image

#: Pillow's names of the accepted formats, with the one that each is stored as. Cameras that
#: take several pictures at once write MPO: JPEGs, one behind the other; the first is taken.
IMAGE_FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "WEBP": "WEBP"}
ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
#: Named in a refusal, rather than "not a picture".
REFUSED_FORMATS = ("GIF", "BMP", "TIFF")
#: How each is written. The work is bounded: 25 million pixels take seconds, not a minute.
WRITING: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 90, "progressive": True},
    "PNG": {"compress_level": 4},
    "WEBP": {"quality": 90, "method": 2},
}


class Picture(ContentFile):
    """A picture that was written anew; it knows its MIME type."""

    def __init__(self, content: bytes, kind: str):
        super().__init__(content, name=f"picture.{ENDINGS[kind]}")
        self.content_type = f"image/{kind.lower()}"


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
        raise ValidationError("This is not a picture that can be read.") from error
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
        raise ValidationError("The picture's file is cut off or damaged: save it again.") from error
    finally:
        upload.seek(0)
    pixels.info.clear()  # writing would pass on what is in it: comments, profiles
    content = BytesIO()
    lossless = {"lossless": True} if kind == "WEBP" and is_lossless(upload) else {}
    pixels.save(content, kind, **WRITING[kind], **lossless)
    return Picture(content.getvalue(), kind)


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
