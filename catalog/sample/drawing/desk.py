"""Notebooks, pens and pencils."""

from catalog.sample.drawing.canvas import Canvas, Point
from catalog.sample.drawing.colours import (
    IRON,
    LINE,
    PAPER,
    STEEL,
    STEEL_SHADE,
    WOOD,
    WOOD_SHADE,
    Look,
)

RIBBON, GRAPHITE = "#b0485a", "#333333"


def draw_cover(c: Canvas, look: Look) -> None:
    """A notebook that lies closed, its paper showing at the right and below."""
    c.shadow(20, 82, 86.5)
    c.box(26, 13, 79, 86.5, PAPER, 3)
    c.box(26, 13, 79, 87.5, LINE, 3)
    c.box(26, 13, 78, 86.2, PAPER, 3)
    c.box(22, 11.5, 76, 84, look.main, 3)


def draw_dotted_notebook(c: Canvas, look: Look) -> None:
    """Dots on the label, an elastic band and two ribbons."""
    draw_cover(c, look)
    for x, colour in ((38, RIBBON), (45, look.shade)):
        c.shape(colour, (x, 84), (x + 3.6, 84), (x + 3.6, 89.6), (x + 1.8, 87.8), (x, 89.6))
    c.box(22, 11.5, 28, 84, look.shade, 2)
    c.box(65, 11.5, 68, 84, look.shade)
    c.box(35, 24, 58, 43, PAPER, 1)
    for x in range(38, 58, 4):
        for y in range(27, 43, 4):
            c.dot(x + 0.6, y + 0.6, 0.7, STEEL_SHADE)


def draw_lined_notebook(c: Canvas, look: Look) -> None:
    """A spine of cloth, corners and a label with lines."""
    draw_cover(c, look)
    c.box(22, 11.5, 35, 84, look.shade, 2.4)
    for y, corner in ((11.5, 20.5), (84, 75)):
        c.shape(look.shade, (67, y), (76, y), (76, corner))
    c.box(42, 24, 69, 48, PAPER, 1.4)
    for y in (30, 36, 42):
        c.line("#7f9cc0", 0.7, (45, y), (66, y))
    c.line("#d98a8f", 0.6, (49, 25.6), (49, 46.4))


def draw_pocket_notebook(c: Canvas, look: Look) -> None:
    """Thin, stitched at the fold; a second one lies below."""
    c.shadow(24, 78, 82)
    c.shape(look.shade, (36, 22), (77, 28), (69, 82), (28, 76))
    c.box(26, 18, 67, 75, PAPER, 2)
    c.box(25, 17, 65, 74, look.main, 2)
    for y in (27, 43, 59):
        c.line(look.mark, 0.8, (28, y), (28, y + 6))
    c.box(35, 27, 56, 34, look.mark, 1)
    c.line(look.main, 0.9, (38, 30.5), (53, 30.5))


def draw_sketch_notebook(c: Canvas, look: Look) -> None:
    """Bound by a spiral; a pencil lies upon it."""
    c.shadow(14, 88, 86.5)
    c.box(16, 18, 86, 87, LINE, 2)
    c.box(15, 17, 85, 85.4, PAPER, 2)
    c.box(14, 16, 84, 84, look.main, 2)
    for x in range(19, 82, 5):
        c.box(x, 12, x + 2, 22, STEEL, 1)
        c.dot(x + 1, 21.6, 1.6, IRON)
    c.stroke(look.mark, 1, (26, 66), (36, 48), (44, 58), (54, 40), (70, 66))
    c.dot(64, 40, 4, look.shade)
    draw_pencil(c, (30, 78), (72, 72), WOOD, 4)


def draw_weekly_planner(c: Canvas, look: Look) -> None:
    """Tabs at the side, the seven days on the cover."""
    colours = ("#c4573a", "#d9a441", "#5d7f63", "#3f7d85", "#7a5c86")
    for number, colour in enumerate(colours):
        c.box(72, 20 + number * 12, 83, 29 + number * 12, colour, 2)
    draw_cover(c, look)
    c.box(22, 11.5, 28, 84, look.shade, 2)
    for number in range(7):
        x, y = 36 + number % 2 * 17, 22 + number // 2 * 14
        c.box(x, y, x + 14, y + 11, look.mark, 1.4)
        c.line(look.main, 0.9, (x + 2.6, y + 4), (x + 9, y + 4))


def draw_pencil(c: Canvas, tip: Point, end: Point, colour: str, width: float) -> None:
    """A sharpened one."""
    length = ((end[0] - tip[0]) ** 2 + (end[1] - tip[1]) ** 2) ** 0.5
    along = ((end[0] - tip[0]) / length, (end[1] - tip[1]) / length)

    def place(way: float, aside: float) -> Point:
        x, y = along
        return tip[0] + x * way - y * aside, tip[1] + y * way + x * aside

    cone = width * 1.5
    c.line(colour, width, place(cone, 0), end)
    c.shape(WOOD, place(cone, width / 2), place(cone, -width / 2), tip)
    c.shape(GRAPHITE, place(cone * 0.36, width * 0.18), place(cone * 0.36, -width * 0.18), tip)


def draw_fountain_pen(c: Canvas, look: Look) -> None:
    """Bare metal; its cap lies beside it."""
    c.stroke("#2f4a6d", 1.1, (12, 86), (20, 79), (27, 87), (34, 80), (42, 86), (52, 83))
    c.line(look.shade, 10, (36, 64), (78, 22))
    c.line(look.main, 7.4, (35.6, 63.6), (77.6, 21.6))
    c.line(look.shade, 8, (74, 26), (80, 20))
    c.line(IRON, 6.4, (36, 64), (29.6, 70.4))
    c.shape(STEEL, (26.4, 68), (32, 73.6), (17.6, 82.4))
    c.line(STEEL_SHADE, 0.7, (27.4, 72.6), (18, 82))
    c.dot(27.6, 72.4, 1, STEEL_SHADE)
    c.line(look.shade, 11, (56, 78), (86, 48))
    c.line(look.main, 8.4, (55.6, 77.6), (85.6, 47.6))
    c.line(look.shade, 11, (58.4, 75.6), (60.4, 73.6))
    c.line(look.shade, 1.8, (68, 57.6), (83.6, 42))


def draw_roller_pen(c: Canvas, look: Look) -> None:
    """Cap and end tell the ink, and so does what it wrote."""
    c.stroke(look.main, 1.8, (12, 82), (19, 74), (25, 85), (32, 77), (39, 85), (48, 79), (58, 84))
    c.line(LINE, 9, (32, 68), (82, 18))
    c.line(PAPER, 6.6, (31.6, 67.6), (81.6, 17.6))
    c.line(look.main, 9, (32, 68), (55, 45))
    c.line(look.shade, 2.4, (34.2, 70.2), (57.2, 47.2))
    c.line(look.main, 9, (76, 24), (84, 16))
    c.line(look.shade, 1.9, (64, 29), (80, 13))
    c.shape(STEEL, (28.8, 64.8), (35.2, 71.2), (22.4, 77.6))


def draw_drafting_pen(c: Canvas, look: Look) -> None:
    """It drew three lines, as wide as there are pens."""
    for y, width in ((76, 0.7), (81, 1.2), (87, 2)):
        c.line(IRON, width, (12, y), (66, y))
    c.line(look.main, 7, (38, 58), (82, 14))
    c.line(look.shade, 2, (40.4, 60.4), (84.4, 16.4))
    c.line("#d9a441", 7, (64, 32), (67, 29))
    c.line(STEEL, 5, (38, 58), (30, 66))
    c.line(STEEL_SHADE, 3, (30, 66), (25, 71))
    c.line(IRON, 1, (25, 71), (20, 76))
    c.line(STEEL, 1.8, (72, 20), (86, 30))


def draw_cedar_pencils(c: Canvas, look: Look) -> None:
    """Six in their tin."""
    c.shadow(16, 84, 85)
    c.box(13, 33, 87, 85, look.shade, 4)
    c.box(16, 36, 84, 82, STEEL, 2)
    for number in range(6):
        x = 23 + number * 10.8
        draw_pencil(c, (x, 16 + number % 2 * 3), (x, 82), WOOD_SHADE if number % 2 else WOOD, 8)
        c.line("#b58a5c", 1, (x + 2.4, 29), (x + 2.4, 82))
    c.box(13, 52, 87, 85, look.main, 4)
    c.box(26, 60, 74, 76, PAPER, 1.6)
    c.line(look.main, 1.2, (32, 66), (68, 66))
    c.line(look.main, 1.2, (40, 71), (60, 71))


def draw_carpenter_pencils(c: Canvas, look: Look) -> None:
    """Two flat ones on a board that is marked."""
    c.stroke(GRAPHITE, 1.2, (14, 80), (26, 80))
    c.line(GRAPHITE, 1.2, (20, 74), (20, 86))
    for x in (24, 45):
        c.line(look.shade, 12, (x + 1, 63.6), (x + 40, 24.6))
        c.line(look.main, 9, (x, 62.6), (x + 39, 23.6))
        c.shape(WOOD, (x - 3, 59), (x + 5.6, 67.6), (x - 6, 74), (x - 9.6, 70.6))
        c.shape(GRAPHITE, (x - 8.4, 67.8), (x - 3.4, 72.8), (x - 6, 74), (x - 9.6, 70.6))
        c.line(look.mark, 1, (x + 16, 46.6), (x + 28, 34.6))


DESK = {
    "notebook": draw_dotted_notebook,
    "lined-notebook": draw_lined_notebook,
    "pocket-notebook": draw_pocket_notebook,
    "sketch-notebook": draw_sketch_notebook,
    "weekly-planner-notebook": draw_weekly_planner,
    "pen": draw_roller_pen,
    "fountain-pen": draw_fountain_pen,
    "drafting-pen": draw_drafting_pen,
    "pencil": draw_cedar_pencils,
    "carpenter-pencil": draw_carpenter_pencils,
}
