"""Draws the pictures of the sample catalogue: `python -m catalog.sample.draw`.

The last word of a product's slug says what to draw, the slug itself in which colours;
so each run draws the same. Shapes are in a square of 100 units, from the top left.
"""

import csv
import zlib
from collections.abc import Callable
from math import cos, radians, sin
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent
SIZE = 600
SMOOTH = 3  # drawn this much larger, then scaled down: no jagged edges

Colours = tuple[str, str, str]
#: Background, main colour, its shade.
PALETTES: tuple[Colours, ...] = (
    ("#f3ece1", "#2f4a6d", "#223650"),
    ("#e6eee8", "#c4573a", "#99412a"),
    ("#f6e9dc", "#5d7f63", "#476350"),
    ("#e5ebf1", "#d9a441", "#b58330"),
    ("#f4e6e4", "#7a5c86", "#5d4567"),
    ("#eaf0e2", "#b0485a", "#883645"),
    ("#f2efe6", "#3f7d85", "#2e5d63"),
    ("#ebe7f0", "#d57f4b", "#ab6136"),
)
WOOD, WOOD_SHADE, LEAF, LEAF_SHADE = "#c69c6d", "#a07a50", "#5b8a5a", "#436b45"
PAPER, LINE, LIGHT, STEEL = "#fffdf7", "#cfc7b8", "#ffe9a8", "#8b949c"


class Canvas:
    """Pillow's drawing calls, in units of a hundredth of the picture's side."""

    def __init__(self, background: str):
        self.image = Image.new("RGB", (SIZE * SMOOTH, SIZE * SMOOTH), background)
        self.draw = ImageDraw.Draw(self.image)

    def scaled(self, *numbers: float) -> list[float]:
        return [number * SIZE * SMOOTH / 100 for number in numbers]

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: str, round: float = 0) -> None:
        self.draw.rounded_rectangle(self.scaled(x0, y0, x1, y1), self.scaled(round)[0], fill)

    def oval(self, x0: float, y0: float, x1: float, y1: float, fill: str) -> None:
        self.draw.ellipse(self.scaled(x0, y0, x1, y1), fill)

    def shape(self, fill: str, *points: tuple[float, float]) -> None:
        self.draw.polygon(self.scaled(*(n for point in points for n in point)), fill)

    def line(self, fill: str, width: float, *points: tuple[float, float]) -> None:
        flat = self.scaled(*(n for point in points for n in point))
        self.draw.line(flat, fill, round(self.scaled(width)[0]), joint="curve")

    def ring(self, x0: float, y0: float, x1: float, y1: float, fill: str, width: float) -> None:
        self.draw.ellipse(
            self.scaled(x0, y0, x1, y1), outline=fill, width=round(self.scaled(width)[0])
        )

    def shadow(self, x0: float, x1: float, y: float) -> None:
        shade = tuple(int(c * 0.88) for c in self.image.getpixel((0, 0))[:3])  # type: ignore[index]
        self.draw.ellipse(self.scaled(x0, y - 2.5, x1, y + 2.5), shade)

    def save(self, path: Path) -> None:
        small = self.image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
        small.save(path, "WEBP", quality=82, method=6)


def draw_mug(c: Canvas, main: str, shade: str) -> None:
    c.shadow(22, 80, 79)
    c.ring(58, 38, 82, 66, shade, 5)
    c.box(26, 28, 68, 79, main, 6)
    c.box(26, 66, 68, 71, shade)
    c.oval(26, 24, 68, 33, shade)
    c.oval(29, 25.5, 65, 32, "#5b3a29")
    c.line("#ffffff", 1.2, (40, 20), (43, 16), (40, 12), (43, 8))
    c.line("#ffffff", 1.2, (52, 20), (55, 16), (52, 12), (55, 8))


def draw_cup(c: Canvas, main: str, shade: str) -> None:
    c.shadow(18, 82, 78)
    c.oval(16, 68, 84, 80, shade)
    c.oval(20, 67, 80, 76, main)
    c.ring(62, 40, 82, 58, shade, 4)
    c.shape(main, (26, 40), (72, 40), (62, 72), (36, 72))
    c.oval(26, 35, 72, 45, shade)
    c.oval(29, 36.5, 69, 43.5, "#6b4632")
    c.oval(42, 38, 56, 42, "#e7cfae")


def draw_pan(c: Canvas, main: str, shade: str) -> None:
    c.line(WOOD_SHADE, 6, (62, 38), (90, 12))
    c.line(WOOD, 3.5, (64, 36), (89, 13))
    c.oval(12, 28, 72, 88, shade)
    c.oval(14, 28, 70, 84, main)
    c.oval(21, 35, 63, 77, shade)
    c.oval(28, 42, 54, 66, PAPER)
    c.oval(36, 49, 48, 60, "#efb23e")


def draw_pot(c: Canvas, main: str, shade: str) -> None:
    c.shadow(16, 84, 80)
    c.box(12, 46, 88, 53, shade, 3)
    c.box(20, 40, 80, 80, main, 7)
    c.box(20, 68, 80, 73, shade)
    c.box(17, 34, 83, 42, shade, 4)
    c.oval(43, 24, 57, 35, main)


def draw_board(c: Canvas, main: str, shade: str) -> None:
    c.shape(WOOD_SHADE, (20, 40), (78, 22), (90, 62), (32, 82))
    c.shape(WOOD, (20, 37), (78, 19), (90, 59), (32, 79))
    for step in (8, 18, 28):
        c.line(WOOD_SHADE, 0.5, (21 + step * 0.3, 40 + step), (79 + step * 0.3, 22 + step))
    c.oval(27, 40, 33, 46, WOOD_SHADE)
    c.oval(46, 34, 66, 54, main)
    c.oval(49, 37, 63, 51, shade)
    c.line(LEAF, 2, (57, 36), (60, 28))


def draw_lamp(c: Canvas, main: str, shade: str) -> None:
    c.shadow(34, 66, 86)
    c.shape(LIGHT, (32, 48), (68, 48), (84, 86), (16, 86))
    c.line(STEEL, 2, (50, 46), (50, 84))
    c.oval(36, 81, 64, 88, shade)
    c.shape(main, (40, 16), (60, 16), (72, 48), (28, 48))
    c.shape(shade, (28, 45), (72, 45), (72, 48), (28, 48))
    c.oval(45, 45, 55, 54, "#fff6d2")


def draw_chair(c: Canvas, main: str, shade: str) -> None:
    c.shadow(24, 78, 88)
    for x0, x1 in ((32, 28), (68, 73), (37, 36), (63, 65)):
        c.line(WOOD_SHADE, 3, (x0, 56), (x1, 88))
    c.line(WOOD, 3.5, (33, 54), (30, 14))
    c.line(WOOD, 3.5, (67, 54), (70, 14))
    c.box(28, 14, 72, 25, main, 5)
    for x in (40, 50, 60):
        c.line(WOOD, 1.8, (x, 24), (x, 52))
    c.box(25, 52, 75, 60, shade, 4)
    c.box(25, 50, 75, 57, main, 4)


def draw_table(c: Canvas, main: str, shade: str) -> None:
    c.shadow(14, 86, 84)
    for x0, x1 in ((24, 18), (76, 82)):
        c.line(WOOD_SHADE, 4, (x0, 48), (x1, 84))
    c.box(10, 42, 90, 50, WOOD_SHADE, 2)
    c.box(10, 41, 90, 46, WOOD, 2)
    c.shape(main, (44, 26), (56, 26), (59, 41), (41, 41))
    for x, y in ((40, 14), (50, 8), (60, 14)):
        c.line(LEAF_SHADE, 1, (50, 28), (x, y + 6))
        c.oval(x - 5, y, x + 5, y + 10, shade)


def draw_cushion(c: Canvas, main: str, shade: str) -> None:
    c.shadow(16, 84, 82)
    c.shape(shade, (14, 20), (50, 26), (86, 20), (80, 51), (86, 84), (50, 78), (14, 84), (20, 51))
    c.shape(main, (16, 20), (50, 25), (84, 20), (79, 50), (84, 81), (50, 76), (16, 81), (21, 50))
    for y in (34, 42, 50, 58, 66):
        c.line(PAPER, 1.2, (22, y), (78, y))
    c.oval(47, 47, 53, 53, shade)


def draw_blanket(c: Canvas, main: str, shade: str) -> None:
    c.shadow(16, 84, 80)
    for row, y in enumerate((62, 46, 30)):
        c.box(16, y, 84, y + 18, shade if row % 2 else main, 8)
        c.line(PAPER, 1, (24, y + 6), (84, y + 6))
    for x in range(18, 84, 4):
        c.line(main, 1, (x, 78), (x, 84))


def draw_leaf(c: Canvas, x: float, y: float, angle: float, length: float, fill: str) -> None:
    """A pointed leaf from (x, y), in degrees from straight up."""
    dx, dy = sin(radians(angle)), -cos(radians(angle))
    mid_x, mid_y = x + dx * length * 0.5, y + dy * length * 0.5
    wide = length * 0.18
    tip = (x + dx * length, y + dy * length)
    c.shape(fill, (x, y), (mid_x - dy * wide, mid_y + dx * wide), tip,
            (mid_x + dy * wide, mid_y - dx * wide))  # fmt: skip


def draw_plant(c: Canvas, main: str, shade: str) -> None:
    c.shadow(28, 72, 88)
    for angle in (-70, -35, 10, 45, 75):
        draw_leaf(c, 50, 62, angle, 44, LEAF_SHADE)
    for angle in (-52, -15, 28, 60):
        draw_leaf(c, 50, 62, angle, 50, LEAF)
    c.shape(main, (32, 60), (68, 60), (63, 88), (37, 88))
    c.box(29, 56, 71, 65, shade, 2)


def draw_shirt(c: Canvas, main: str, shade: str) -> None:
    c.shape(shade, (30, 20), (10, 42), (22, 54), (34, 42))
    c.shape(shade, (70, 20), (90, 42), (78, 54), (66, 42))
    c.shape(main, (30, 20), (70, 20), (73, 86), (27, 86))
    c.shape(PAPER, (40, 18), (60, 18), (50, 34))
    c.shape(shade, (38, 17), (50, 34), (44, 38), (32, 22))
    c.shape(shade, (62, 17), (50, 34), (56, 38), (68, 22))
    c.line(shade, 0.8, (50, 34), (50, 86))
    for y in (44, 54, 64, 74):
        c.oval(49, y, 51.4, y + 2.4, PAPER)


def draw_bag(c: Canvas, main: str, shade: str) -> None:
    c.shadow(18, 82, 86)
    c.ring(34, 12, 66, 62, shade, 3.5)
    c.shape(main, (22, 36), (78, 36), (84, 86), (16, 86))
    c.shape(shade, (22, 36), (78, 36), (79, 44), (21, 44))
    c.box(36, 54, 64, 74, shade, 3)
    c.box(38, 56, 62, 72, main, 2)


def draw_book(c: Canvas, main: str, shade: str) -> None:
    c.shadow(22, 82, 88)
    c.box(26, 14, 80, 87, PAPER, 2)
    c.box(24, 12, 76, 85, main, 2)
    c.box(24, 12, 31, 85, shade, 2)
    c.box(38, 24, 69, 36, PAPER, 1)
    c.line(LINE, 1, (42, 28), (65, 28))
    c.line(LINE, 1, (42, 32), (58, 32))
    c.oval(42, 48, 66, 72, shade)
    c.oval(47, 53, 61, 67, LIGHT)


def draw_notebook(c: Canvas, main: str, shade: str) -> None:
    c.shadow(20, 80, 88)
    c.box(26, 14, 78, 87, PAPER, 3)
    c.box(22, 12, 75, 85, main, 3)
    c.box(64, 12, 67, 85, shade)
    c.shape(shade, (40, 84), (45, 84), (45, 94), (42.5, 91), (40, 94))
    c.box(31, 26, 56, 36, PAPER, 1)
    c.line(LINE, 1, (34, 31), (53, 31))


def draw_pen(c: Canvas, main: str, shade: str) -> None:
    c.line(LINE, 1, (12, 84), (30, 78), (44, 86), (62, 80))
    c.line(shade, 9, (34, 66), (80, 20))
    c.line(main, 6, (34, 66), (80, 20))
    c.line(STEEL, 2, (62, 32), (82, 12))
    c.shape(STEEL, (31, 62), (38, 69), (22, 78))
    c.line(shade, 0.8, (33, 67), (23, 77))


def draw_pencil(c: Canvas, main: str, shade: str) -> None:
    c.line(LINE, 1, (14, 86), (34, 80), (50, 88))
    for shift, fill in ((0, main), (14, shade)):
        c.line(fill, 8, (34 + shift, 66), (74 + shift, 26))
        c.line("#e8a5a0", 8, (74 + shift, 26), (79 + shift, 21))
        c.shape(WOOD, (31 + shift, 63), (37 + shift, 69), (24 + shift, 76))
        c.shape("#333333", (26 + shift, 72), (28 + shift, 74), (23 + shift, 77))


KINDS: dict[str, Callable[[Canvas, str, str], None]] = {
    "bag": draw_bag,
    "blanket": draw_blanket,
    "board": draw_board,
    "book": draw_book,
    "chair": draw_chair,
    "cup": draw_cup,
    "cushion": draw_cushion,
    "lamp": draw_lamp,
    "mug": draw_mug,
    "notebook": draw_notebook,
    "pan": draw_pan,
    "pen": draw_pen,
    "pencil": draw_pencil,
    "plant": draw_plant,
    "pot": draw_pot,
    "shirt": draw_shirt,
    "table": draw_table,
}


def draw_product(slug: str, path: Path) -> None:
    background, main, shade = PALETTES[zlib.crc32(slug.encode()) % len(PALETTES)]
    canvas = Canvas(background)
    KINDS[slug.rsplit("-", 1)[-1]](canvas, main, shade)
    canvas.save(path)


def draw_all(products: Path, folder: Path) -> None:
    """Draw what the image column names into the folder."""
    folder.mkdir(exist_ok=True)
    with products.open(newline="", encoding="utf-8") as file:
        pictures = {row["image"]: row["product_slug"] for row in csv.DictReader(file)}
    for name, slug in pictures.items():
        if name:
            draw_product(slug, folder / name)


if __name__ == "__main__":
    draw_all(FOLDER / "products.csv", FOLDER / "images")
