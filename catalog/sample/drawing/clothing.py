"""Shirts and bags."""

from catalog.sample.drawing.canvas import Canvas
from catalog.sample.drawing.colours import IRON, PAPER, STEEL, Look

SLEEVE = ((20, 18), (31, 27), (38, 78), (29, 80), (21, 40))  # from the middle of the shirt
CUFF = ((37.2, 73), (38, 79), (28.6, 81), (27.8, 75))
BODY = ((30, 18), (70, 18), (74, 86), (26, 86))
LEATHER, LEATHER_SHADE = "#a5683a", "#804c27"


def draw_long_sleeves(c: Canvas, look: Look) -> None:
    for side in (-1, 1):
        c.shape(look.shade, *((50 + side * x, y) for x, y in SLEEVE))
        c.shape(look.main, *((50 + side * x, y) for x, y in CUFF))


def draw_short_sleeves(c: Canvas, look: Look, *, wide: float = 0) -> None:
    for side in (-1, 1):
        c.shape(look.shade, (50 + side * 20, 18), (50 + side * 39.5, 42 + wide),
                (50 + side * 27, 54 + wide), (50 + side * 18, 44))  # fmt: skip


def draw_buttons(c: Canvas, look: Look, top: float) -> None:
    c.line(look.shade, 0.9, (50, top), (50, 86))
    for number in range(5):
        c.dot(50, top + 8 + number * 10, 1.2, look.mark)


def draw_oxford_shirt(c: Canvas, look: Look) -> None:
    """Long sleeves, a collar with buttons, a pocket."""
    draw_long_sleeves(c, look)
    c.shape(look.main, *BODY)
    c.shape(PAPER, (41, 16), (59, 16), (50, 30))
    c.shape(look.shade, (41, 16), (59, 16), (56, 19.6), (44, 19.6))
    for side in (-1, 1):
        c.shape(look.shade, (50 + side * 10, 14), (50, 30), (50 + side * 9, 36),
                (50 + side * 15, 20))  # fmt: skip
        c.shape(look.main, (50 + side * 9.6, 15.4), (50 + side * 1.4, 29.6),
                (50 + side * 8.6, 34), (50 + side * 13.6, 20))  # fmt: skip
        c.dot(50 + side * 8.6, 31.4, 0.8, look.mark)
    draw_buttons(c, look, 31)
    c.shape(look.shade, (56, 44), (68, 44), (68, 55), (62, 59), (56, 55))
    c.shape(look.main, (57, 46.4), (67, 46.4), (67, 54.5), (62, 57.8), (57, 54.5))


def draw_linen_shirt(c: Canvas, look: Look) -> None:
    """Short, wide sleeves, an open collar, creases."""
    draw_short_sleeves(c, look, wide=3)
    c.shape(look.main, (29, 18), (71, 18), (77, 84), (50, 86), (23, 84))
    c.shape(PAPER, (41, 15), (59, 15), (50, 40))
    for side in (-1, 1):
        c.shape(look.shade, (50 + side * 9, 14), (50 + side * 0.6, 41), (50 + side * 8, 38),
                (50 + side * 17, 24))  # fmt: skip
    c.line(look.shade, 0.9, (50, 40), (50, 86))
    for y in (49, 60, 71):
        c.dot(50, y, 1.3, look.mark)
    c.stroke(look.shade, 1, (33, 52), (37, 58), (36, 68))
    c.stroke(look.shade, 1, (66, 48), (63, 55), (65, 62))
    c.stroke(look.shade, 1, (60, 76), (66, 74), (72, 76))


def draw_flannel_shirt(c: Canvas, look: Look) -> None:
    """Checked, with two pockets."""
    draw_long_sleeves(c, look)
    for side in (-1, 1):
        with c.inside(*((50 + side * x, y) for x, y in SLEEVE)):
            draw_checks(c, look.main, look.mark)
    c.shape(look.main, *BODY)
    with c.inside(*BODY):
        draw_checks(c, look.shade, look.mark)
    c.shape(IRON, (41, 16), (59, 16), (50, 31))
    for side in (-1, 1):
        c.shape(look.shade, (50 + side * 10, 14), (50, 31), (50 + side * 8, 37),
                (50 + side * 15, 21))  # fmt: skip
        left = 50 + side * 12 - 6.5
        c.box(left, 42, left + 13, 56, look.main, 1)
        c.shape(look.shade, (left, 42), (left + 13, 42), (left + 13, 45), (left + 6.5, 48),
                (left, 45))  # fmt: skip
    c.box(47.4, 31, 52.6, 86, look.main)
    draw_buttons(c, look, 31)


def draw_checks(c: Canvas, broad: str, narrow: str) -> None:
    for x in range(12, 92, 9):
        c.line(broad, 1.2, (x, 12), (x, 88))
        c.line(narrow, 0.5, (x + 4.5, 12), (x + 4.5, 88))
    for y in range(27, 88, 12):
        c.line(broad, 1.2, (10, y), (90, y))
        c.line(narrow, 0.5, (10, y + 6), (90, y + 6))


def draw_t_shirt(c: Canvas, look: Look) -> None:
    draw_short_sleeves(c, look)
    c.shape(look.main, (31, 17), (69, 17), (72, 86), (28, 86))
    c.slice(38, 6, 62, 29, 0, 180, look.shade)
    c.slice(40.4, 6, 59.6, 26, 0, 180, PAPER)
    c.line(look.shade, 1, (28.2, 83), (71.8, 83))


def draw_breton_shirt(c: Canvas, look: Look) -> None:
    """Long sleeves and stripes, a wide neck."""
    sleeves = [
        ((50 + side * 20, 18), (50 + side * 31, 27), (50 + side * 38, 80), (50 + side * 28, 82),
         (50 + side * 20, 42)) for side in (-1, 1)
    ]  # fmt: skip
    for sleeve in sleeves:
        c.shape(look.shade, *sleeve)
        draw_stripes(c, sleeve, 32, 78)
    c.shape(look.main, *BODY)
    draw_stripes(c, BODY, 31, 84)
    c.shape(look.main, (36, 15.5), (64, 15.5), (70, 18), (30, 18))
    c.blob(PAPER, (38, 15.4), (50, 15.2), (62, 15.4), (57, 20), (50, 21.4), (43, 20))


def draw_stripes(c: Canvas, shape: tuple[tuple[float, float], ...], top: int, end: int) -> None:
    with c.inside(*shape):
        for y in range(top, end, 6):
            c.line(PAPER, 2, (8, y), (92, y))


def draw_tote(c: Canvas, look: Look) -> None:
    """Long handles, a wide mouth."""
    c.shadow(18, 82, 87)
    c.stroke(look.shade, 3, (37, 42), (37, 24), (43, 13.5), (57, 13.5), (63, 24), (63, 42))
    c.shape(look.main, (19, 38), (81, 38), (78, 87), (22, 87))
    c.shape(look.shade, (19, 38), (81, 38), (80.7, 42), (19.3, 42))
    c.stroke(look.shade, 3.6, (35, 54), (35, 46), (35, 40))
    c.stroke(look.shade, 3.6, (65, 54), (65, 46), (65, 40))
    c.dot(50, 65, 10, look.shade)
    c.dot(50, 65, 7.6, look.main)
    c.leaf(look.shade, (50, 71), 0, 12, 6)


def draw_roll_top(c: Canvas, look: Look) -> None:
    """A rucksack; its top is rolled and buckled."""
    c.shadow(20, 80, 87)
    for x in (17, 76):
        c.box(x, 44, x + 7, 76, look.shade, 3.4)
    c.box(22, 24, 78, 88, look.main, 8)
    c.box(20, 13, 80, 27, look.shade, 7)
    c.box(22, 13, 78, 22, look.main, 4.5)
    c.ring(76, 16, 82, 22, STEEL, 1.4)
    c.box(46.6, 14, 53.4, 50, LEATHER, 1.2)
    c.frame(44.6, 40, 55.4, 48, STEEL, 1.5, 1.4)
    c.box(30, 56, 70, 82, look.shade, 4)
    c.box(31.6, 57.6, 68.4, 80.4, look.main, 3)
    c.line(look.shade, 1.3, (31.6, 63.6), (68.4, 63.6))
    c.dot(66, 63.6, 1.6, STEEL)


def draw_weekender(c: Canvas, look: Look) -> None:
    """Wide, with ends of leather."""
    c.shadow(14, 86, 79)
    c.stroke(LEATHER_SHADE, 3, (35, 44), (37, 29), (45, 22), (55, 22), (63, 29), (65, 44))
    c.box(11, 36, 89, 79, look.main, 10)
    c.box(11, 66, 89, 79, look.shade, 8)
    c.box(11, 60, 89, 71, look.main)
    for x0, x1 in ((11, 24), (76, 89)):
        c.box(x0, 60, x1, 79, LEATHER, 6)
    for x in (33, 62):
        c.box(x, 36, x + 5, 79, LEATHER, 1)
        c.box(x, 50, x + 5, 53, LEATHER_SHADE)
    c.line(look.shade, 1.6, (18, 42), (82, 42))
    c.box(70, 40.6, 76, 43.6, STEEL, 1)


def draw_satchel(c: Canvas, look: Look) -> None:
    """A flap with two straps, and one for the shoulder."""
    c.shadow(16, 84, 84)
    c.stroke(
        look.shade, 2.4, (18, 46), (24, 24), (38, 14), (50, 12.4), (62, 14), (76, 24), (82, 46)
    )
    c.box(15, 36, 85, 84, look.main, 6)
    c.box(15, 76, 85, 84, look.shade, 4)
    c.box(15, 72, 85, 79, look.main)
    c.box(13, 33, 87, 46, look.shade, 5)
    c.shape(look.shade, (13, 40), (87, 40), (84, 66), (16, 66))
    c.box(13, 31.6, 87, 44, look.main, 5)
    c.shape(look.main, (13, 38), (87, 38), (84, 64), (16, 64))
    for x in (30, 64):
        c.box(x, 50, x + 6, 74, look.shade, 1.4)
        c.frame(x - 1.6, 60, x + 7.6, 67, "#cfae62", 1.4, 1)
    c.box(41, 29, 59, 33, look.shade, 2)


CLOTHING = {
    "shirt": draw_oxford_shirt,
    "linen-shirt": draw_linen_shirt,
    "flannel-shirt": draw_flannel_shirt,
    "t-shirt": draw_t_shirt,
    "breton-shirt": draw_breton_shirt,
    "bag": draw_tote,
    "roll-top-bag": draw_roll_top,
    "weekend-bag": draw_weekender,
    "satchel-bag": draw_satchel,
}
