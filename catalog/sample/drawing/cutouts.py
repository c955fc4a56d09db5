"""Pictures without a ground, of which the storefront's home page is composed.

The pieces of the scene stand on one floor, at 88 hundredths of their height.
"""

from collections import Counter
from pathlib import Path
from typing import cast

from PIL import Image

from catalog.sample.drawing.canvas import Canvas
from catalog.sample.drawing.colours import look_in
from catalog.sample.drawing.pictures import KINDS

FOLDER = Path(__file__).resolve().parents[3] / "storefront" / "assets" / "pictures"

#: Name, what it shows and in which colour.
SCENE = (
    ("hero-chair", "chair", "#3f7d85"),
    ("hero-table", "table", "#b0485a"),
    ("hero-lamp", "lamp", "#c4573a"),
    ("hero-plant", "plant", "#2f4a6d"),
)
#: By the slugs of the categories at the root.
CATEGORIES = (
    ("kitchen", "pot", "#c4573a"),
    ("living", "lounge-chair", "#5d7f63"),
    ("clothing", "linen-shirt", "#3f7d85"),
    ("desk", "notebook", "#7a5c86"),
    ("books", "the-lamp-keeper-book", "#b0485a"),
)
SCENE_SIZE, CATEGORY_SIZE = 560, 480  # pixels
AREA = 100  # pixels of one colour: no edge is so long
STEP, OPACITY_STEP = 17, 51  # between the levels, 0 to 255, that edges have

Colour = tuple[int, ...]  # red, green, blue, opacity


def draw_cutout(kind: str, colour: str, size: int) -> Image.Image:
    canvas = Canvas()
    KINDS[kind](canvas, look_in(colour))
    return with_plain_edges(canvas.finished(size))


def draw_cutouts(folder: Path = FOLDER) -> None:
    """Draw all pieces into the folder."""
    for pieces, size in ((SCENE, SCENE_SIZE), (CATEGORIES, CATEGORY_SIZE)):
        for name, kind, colour in pieces:
            save_cutout(draw_cutout(kind, colour, size), folder / f"{name}.webp")


def save_cutout(image: Image.Image, path: Path) -> None:
    """Without loss: flat as they are, that is smaller."""
    image.save(path, "WEBP", lossless=True, quality=100, method=6)


def with_plain_edges(image: Image.Image) -> Image.Image:
    """The picture with fewer colours along its edges: half the bytes, and nobody sees it."""
    pixels = cast("tuple[Colour, ...]", image.get_flattened_data())
    counts = Counter(pixels)
    areas = [colour for colour, count in counts.items() if count >= AREA]
    plain = {colour: colour if colour in areas else plainer(colour, areas) for colour in counts}
    image.putdata([plain[colour] for colour in pixels])
    return image


def plainer(colour: Colour, areas: list[Colour]) -> Colour:
    """Of an edge. One to what is transparent has its area's colour, so that no fringe shows."""
    *levels, opacity = colour
    if opacity == 255:
        return (*(round(level / STEP) * STEP for level in levels), opacity)
    nearest = min(areas, key=lambda area: apart(area, colour))
    return (*nearest[:3], round(opacity / OPACITY_STEP) * OPACITY_STEP)


def apart(one: Colour, other: Colour) -> int:
    """The largest difference of red, green and blue."""
    return max(abs(a - b) for a, b in zip(one[:3], other[:3], strict=True))
