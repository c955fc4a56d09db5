"""Cushions and blankets."""

from math import cos, radians, sin

from catalog.sample.drawing.canvas import Canvas, curve
from catalog.sample.drawing.colours import PAPER, Look

CUSHION = (
    (14, 19), (32, 23.4), (50, 24.6), (68, 23.4), (86, 19), (82, 35), (80.6, 50), (82, 65),
    (86, 81), (68, 77.4), (50, 76.2), (32, 77.4), (14, 81), (18, 65), (19.4, 50), (18, 35),
)  # fmt: skip


def draw_linen_cushion(c: Canvas, look: Look) -> None:
    """Plain and washed: a few folds, a seam."""
    c.shadow(18, 82, 83)
    c.blob(look.shade, *((x, y + 3) for x, y in CUSHION))
    c.blob(look.main, *CUSHION)
    c.stroke(look.shade, 1.2, (20, 25), (27, 31), (31, 38))
    c.stroke(look.shade, 1.2, (80, 25), (74, 30), (70, 34))
    c.stroke(look.shade, 1.2, (20, 75), (26, 70), (29, 64))
    c.stroke(look.shade, 1.2, (80, 75), (73, 70), (71, 63))
    c.stroke(look.shade, 1.2, (38, 46), (48, 52), (60, 53))
    c.box(74, 44, 79, 51, look.mark, 0.6)


def draw_striped_cushion(c: Canvas, look: Look) -> None:
    c.shadow(18, 82, 82)
    c.blob(look.shade, *((x, y + 3) for x, y in CUSHION))
    c.blob(look.main, *CUSHION)
    with c.inside(*curve([CUSHION[-1], *CUSHION, CUSHION[0], CUSHION[1]])):
        for x in (24, 37, 50, 63, 76):
            c.line(PAPER, 4, (x, 10), (x, 90))
            c.line(PAPER, 0.7, (x + 4, 10), (x + 4, 90))


def draw_velvet_cushion(c: Canvas, look: Look) -> None:
    """Round, piped and tufted."""
    c.shadow(20, 80, 84)
    c.oval(13, 17, 87, 87, look.shade)
    c.oval(15, 15, 85, 82, look.main)
    c.ring(19, 19, 81, 78, look.shade, 1.3)
    for angle in range(0, 360, 45):
        x, y = cos(radians(angle + 22)), sin(radians(angle + 22))
        c.stroke(look.shade, 1.1, (50 + x * 6, 48 + y * 6), (50 + x * 14, 48 + y * 13),
                 (50 + x * 22, 48 + y * 21))  # fmt: skip
    c.dot(50, 48, 4.2, look.shade)
    c.dot(49.4, 47.4, 2.8, look.main)


def draw_wool_throw(c: Canvas, look: Look) -> None:
    """Folded, with stripes at its end and fringes."""
    c.shadow(14, 86, 81)
    for x in range(19, 84, 4):
        c.stroke(look.main, 1.3, (x, 76), (x + 0.5, 81), (x - 0.4, 85))
    for y, fill in ((60, look.main), (42, look.shade), (24, look.main)):
        c.box(13, y, 87, y + 20, fill, 9)
        c.line(look.mark, 1.6, (20, y + 11), (87, y + 11))
        c.line(look.mark, 0.8, (20, y + 14), (86, y + 14))


def draw_waffle_blanket(c: Canvas, look: Look) -> None:
    """It hangs over a rail of wood."""
    c.shape(look.shade, (24, 22), (82, 22), (82, 70), (24, 70))
    c.shape(look.main, (18, 20), (76, 20), (76, 86), (18, 86))
    for x in range(23, 76, 6):
        c.line(look.shade, 0.9, (x, 20), (x, 86))
    for y in range(28, 86, 6):
        c.line(look.shade, 0.9, (18, y), (76, y))
    c.box(18, 80, 76, 86, look.main)
    c.line(look.shade, 1.2, (18, 80), (76, 80))
    c.box(18, 13, 82, 22, look.main, 4)
    c.box(10.5, 15, 18.5, 19, "#a07a50", 2)
    c.box(81.5, 15, 89.5, 19, "#a07a50", 2)


TEXTILES = {
    "cushion": draw_linen_cushion,
    "striped-cushion": draw_striped_cushion,
    "velvet-cushion": draw_velvet_cushion,
    "blanket": draw_wool_throw,
    "waffle-blanket": draw_waffle_blanket,
}
