"""Chairs and tables."""

from catalog.sample.drawing.canvas import Canvas
from catalog.sample.drawing.colours import (
    BULB,
    IRON,
    LEAF_SHADE,
    LINE,
    PAPER,
    STEEL,
    STEEL_SHADE,
    WOOD,
    WOOD_SHADE,
    Look,
    mix,
)

BIRCH, BIRCH_SHADE, CANE = "#dcc096", "#b79a6c", "#ecdcb8"


def draw_painted_chair(c: Canvas, look: Look) -> None:
    """The chair of the home page: wood, with seat and back in colour."""
    c.shadow(24, 78, 88)
    for x0, x1 in ((32, 28), (68, 73), (37, 36), (63, 65)):
        c.line(WOOD_SHADE, 3, (x0, 56), (x1, 88))
    c.line(WOOD, 3.5, (33, 54), (30, 14))
    c.line(WOOD, 3.5, (67, 54), (70, 14))
    c.box(28, 14, 72, 25, look.main, 5)
    for x in (40, 50, 60):
        c.line(WOOD, 1.8, (x, 24), (x, 52))
    c.box(25, 52, 75, 60, look.shade, 4)
    c.box(25, 50, 75, 57, look.main, 4)


def draw_dining_chair(c: Canvas, look: Look) -> None:
    """A bent back and a woven seat."""
    c.shadow(22, 78, 87)
    for x0, x1 in ((33, 31), (67, 69)):
        c.line(look.shade, 3.4, (x0, 58), (x1, 86))
    c.line(look.shade, 2.2, (31, 73), (69, 73))
    c.stroke(look.main, 5, (29, 58), (27, 40), (30, 22), (40, 14.5), (50, 13.5),
             (60, 14.5), (70, 22), (73, 40), (71, 58))  # fmt: skip
    c.stroke(look.main, 6.6, (29.5, 33), (40, 36), (50, 37), (60, 36), (70.5, 33))
    for x0, x1 in ((27, 23), (73, 77)):
        c.line(look.main, 4.6, (x0, 58), (x1, 87))
    c.shape(CANE, (29, 52), (71, 52), (77, 61), (23, 61))
    for step in range(1, 9):
        c.line("#d3bd8d", 0.7, (29 + step * 4.67, 52), (23 + step * 6, 61))
    c.line("#d3bd8d", 0.7, (26, 56.5), (74, 56.5))
    c.box(21, 59.5, 79, 65.5, look.main, 3)


def draw_spindle_chair(c: Canvas, look: Look) -> None:
    """Nine spindles, a broad seat."""
    c.shadow(20, 80, 87)
    for x0, x1 in ((37, 35), (63, 65)):
        c.line(look.shade, 3, (x0, 60), (x1, 86))
    c.line(look.shade, 2, (27, 75), (73, 75))
    for number in range(9):
        x = number - 4
        c.line(look.shade if number % 2 else look.main, 1.7, (50 + x * 4.4, 56), (50 + x * 5.4, 20))
    c.blob(look.main, (21, 17), (35, 13.6), (50, 12.6), (65, 13.6), (79, 17), (78, 25), (65, 23),
           (50, 22.4), (35, 23), (22, 25))  # fmt: skip
    for x0, x1 in ((29, 22), (71, 78)):
        c.line(look.main, 4, (x0, 60), (x1, 87))
    c.box(20, 58, 80, 64.4, look.shade, 3.2)
    c.box(20, 54.6, 80, 61.6, look.main, 3.5)


def draw_stacking_chair(c: Canvas, look: Look) -> None:
    """From the side: a shell of plywood on legs of steel."""
    c.shadow(22, 82, 87)
    for top, foot in (((36, 60), (27, 87)), ((66, 60), (77, 87))):
        c.stroke(STEEL, 2.6, top, foot)
    c.stroke(STEEL_SHADE, 2.6, (31, 60), (50, 62), (72, 60))
    c.stroke(look.shade, 8, (25, 15.6), (29, 36), (34, 52), (42, 57.6), (58, 57), (77, 55.4))
    c.stroke(look.main, 6.4, (26, 15.2), (30, 35.6), (35, 50.6), (43, 56), (58, 55.4), (77, 53.8))
    c.blob(look.main, (21, 15), (24, 12), (30, 14), (37, 40), (33, 44), (26, 34))


def draw_lounge_chair(c: Canvas, look: Look) -> None:
    """Low and wide: covers of wool in a frame of oak."""
    c.shadow(14, 86, 86)
    for x0, x1 in ((26, 20), (74, 80)):
        c.line(WOOD_SHADE, 3.8, (x0, 68), (x1, 86))
    c.box(24, 13, 76, 64, look.shade, 10)
    c.box(27, 13, 73, 58, look.main, 10)
    for x in (42, 58):
        for y in (27, 41):
            c.dot(x, y, 1.3, look.shade)
    c.box(23, 54, 77, 72, look.shade, 5)
    c.box(23, 52, 77, 66.6, look.main, 5)
    c.box(19, 69, 81, 74, WOOD_SHADE, 2)
    for x in (14, 75):
        c.box(x, 46, x + 11, 52, WOOD, 3)
        c.box(x + 3.4, 50, x + 7.6, 75, WOOD, 1)


def draw_dining_table(c: Canvas, look: Look) -> None:
    """Flowers stand upon it, whatever its length."""
    half = 39 * look.length
    c.shadow(50 - half + 3, 50 + half - 3, 85)
    for side in (-1, 1):
        c.line(WOOD_SHADE, 4.4, (50 + side * (half - 13), 50), (50 + side * (half - 7), 85))
    c.box(50 - half, 45, 50 + half, 53, WOOD_SHADE, 2)
    c.box(50 - half, 44, 50 + half, 49, WOOD, 2)
    for x, y in ((40, 23), (50, 17), (60, 23)):
        c.line(LEAF_SHADE, 1, (50, 33), (x, y))
        c.dot(x, y, 5.2, look.shade)
        c.dot(x, y, 2, mix(look.main, BULB, 0.4))
    c.shape(look.main, (44, 29), (56, 29), (59, 44), (41, 44))


def draw_side_table(c: Canvas, look: Look) -> None:
    """A tray on a stem; a cup and a book upon it."""
    c.shadow(26, 74, 87)
    c.oval(26, 79, 74, 88, look.shade)
    c.oval(26, 77, 74, 85.6, look.main)
    c.box(47, 44, 53, 82, look.main)
    c.box(51, 44, 53, 81, look.shade)
    c.box(53, 33, 71, 36.4, "#7a5c86", 0.8)
    c.box(55, 29.6, 72, 33, "#d9a441", 0.8)
    c.ring(40, 23, 47, 32, LINE, 1.6)
    c.box(29, 21, 43, 35.6, PAPER, 2.4)
    c.box(29, 26, 43, 28.4, "#c4573a")
    c.box(14, 36, 86, 46, look.main, 3)
    c.box(14, 42, 86, 46.4, look.shade, 2)


def draw_trestle_table(c: Canvas, look: Look) -> None:
    """A plain top on two trestles; plans and pencils upon it."""
    half = 39 * look.length
    c.shadow(50 - half + 2, 50 + half - 2, 85)
    for side in (-1, 1):
        middle = 50 + side * (half - 15)
        c.line(BIRCH_SHADE, 3.4, (middle - 2, 48), (middle - 9, 85))
        c.line(BIRCH_SHADE, 3.4, (middle + 2, 48), (middle + 9, 85))
        c.line(BIRCH_SHADE, 2.4, (middle - 6.6, 70), (middle + 6.6, 70))
    c.box(50 - half, 44, 50 + half, 49.6, BIRCH, 0.8)
    c.box(50 - half, 47, 50 + half, 49.6, BIRCH_SHADE, 0.8)
    c.shape(PAPER, (30, 40), (52, 40), (54, 44), (28, 44))
    c.dot(53, 41.6, 2.6, LINE)
    for x, top, colour in ((63, 24, "#c4573a"), (66, 21, "#d9a441"), (69, 25, IRON)):
        c.line(colour, 1.5, (66 + (x - 66) * 0.4, 36), (x, top))
    c.shape(look.main, (61, 31), (71, 31), (70, 44), (62, 44))
    c.shape(look.shade, (61.9, 40), (70.3, 40), (70, 44), (62, 44))


FURNITURE = {
    "chair": draw_painted_chair,
    "dining-chair": draw_dining_chair,
    "spindle-chair": draw_spindle_chair,
    "stacking-chair": draw_stacking_chair,
    "lounge-chair": draw_lounge_chair,
    "table": draw_dining_table,
    "side-table": draw_side_table,
    "work-table": draw_trestle_table,
}
