"""Pictures without a ground, of which the storefront's home page is composed.

The pieces of the scene stand on one floor, at 88 hundredths of their height.
"""

from pathlib import Path

from catalog.sample.drawing.canvas import Canvas
from catalog.sample.drawing.colours import LIGHT, look_in
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
    ("clothing", "shirt", "#3f7d85"),
    ("desk", "notebook", "#7a5c86"),
    ("books", "the-lamp-keeper-book", "#b0485a"),
)
SCENE_SIZE, CATEGORY_SIZE, GLOW_SIZE = 640, 480, 480  # pixels
GLOW = 0.4  # its opacity in the middle


def draw_cutout(kind: str, colour: str) -> Canvas:
    canvas = Canvas()
    KINDS[kind](canvas, look_in(colour))
    return canvas


def draw_glow() -> Canvas:
    """The light about the lamp, for the wall at dusk: it goes behind `hero-lamp`."""
    canvas = Canvas()
    for radius in range(100, 0, -1):
        opacity = round(255 * GLOW * (1 - radius / 100) ** 2)
        canvas.dot(50, 50, radius / 2, f"{LIGHT}{opacity:02x}")
    return canvas


def draw_cutouts(folder: Path = FOLDER) -> None:
    for pieces, size in ((SCENE, SCENE_SIZE), (CATEGORIES, CATEGORY_SIZE)):
        for name, kind, colour in pieces:
            draw_cutout(kind, colour).save(folder / f"{name}.webp", size)
    draw_glow().save(folder / "hero-glow.webp", GLOW_SIZE)
