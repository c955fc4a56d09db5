"""Lamps. `LIGHT` is what they throw on the wall."""

from catalog.sample.drawing.canvas import Canvas
from catalog.sample.drawing.colours import (
    BULB,
    LIGHT,
    PAPER,
    STEEL,
    STEEL_SHADE,
    WOOD,
    WOOD_SHADE,
    Look,
)

BANDS = ("f2", "d4", "b6", "9a", "80")  # opacity of light, the further the fainter


def draw_shaded_lamp(c: Canvas, look: Look) -> None:
    """The lamp of the home page. Where there is no ground, its light fades as it falls."""
    c.shadow(34, 66, 86)
    for number, opacity in enumerate(BANDS):
        part, end = number / len(BANDS), (number + 1) / len(BANDS)
        half, half_end = 18 + 16 * part, 18 + 16 * end
        c.shape(f"{LIGHT}{opacity}", (50 - half, 48 + 38 * part), (50 + half, 48 + 38 * part),
                (50 + half_end, 48 + 38 * end), (50 - half_end, 48 + 38 * end))  # fmt: skip
    c.line(STEEL, 2, (50, 46), (50, 84))
    c.oval(36, 81, 64, 88, look.shade)
    c.dot(50, 49.5, 5, BULB)
    c.shape(look.main, (40, 14), (60, 14), (73, 47), (27, 47))
    c.shape(look.shade, (28, 44.4), (72, 44.4), (73, 47.4), (27, 47.4))


def draw_arc_lamp(c: Canvas, look: Look) -> None:
    c.shape(LIGHT, (62, 44), (88, 44), (89.5, 84), (46, 84))
    c.shadow(14, 44, 86)
    c.stroke(look.main, 2.2, (27, 82), (25, 52), (33, 26), (50, 14), (66, 17), (74, 29))
    c.box(15, 80, 41, 87, look.main, 3)
    c.box(15, 84, 41, 87, look.shade, 1.5)
    c.dot(75, 45, 4.4, BULB)
    c.slice(57, 26, 89, 64, 180, 360, look.main)
    c.box(57, 42.4, 89, 45.4, look.shade)


def draw_paper_lamp(c: Canvas, look: Look) -> None:
    """A ball of folded paper on three feet, lit from within."""
    c.shadow(28, 72, 86)
    for x0, x1 in ((36, 31), (50, 50), (64, 69)):
        c.line(WOOD_SHADE, 2.4, (x0, 70), (x1, 86))
    c.oval(15, 12, 85, 78, look.main)
    c.oval(36, 31, 64, 59, BULB)
    c.dot(50, 45, 8, LIGHT)
    for y, half in ((20, 23), (28, 30), (36.5, 33.6), (45, 35), (53.5, 33.6), (62, 30), (70, 23)):
        c.stroke(look.shade, 0.9, (50 - half, y), (50, y + 2.4), (50 + half, y))
    c.box(41, 10.5, 59, 14, WOOD, 1.6)
    c.box(41, 76, 59, 79.6, WOOD, 1.6)


def draw_reading_lamp(c: Canvas, look: Look) -> None:
    c.shape(LIGHT, (58, 34), (77, 50), (89, 86), (36, 86))
    c.shadow(16, 50, 86)
    c.line(look.main, 3, (32, 82), (22, 48))
    c.line(look.main, 3, (22, 48), (57, 22))
    c.oval(16, 79, 48, 88, look.shade)
    c.oval(16, 77.4, 48, 85.6, look.main)
    c.dot(22, 48, 3.6, look.shade)
    c.dot(68, 41, 6.4, BULB)
    c.shape(look.main, (55, 14), (65, 19), (81, 39), (80, 53), (54, 33.6), (50, 22))
    c.line(look.shade, 3, (80.6, 53.6), (53.4, 33.4))


def draw_pendant_lamp(c: Canvas, look: Look) -> None:
    c.shape(LIGHT, (24, 55), (76, 55), (89, 88), (11, 88))
    c.line(STEEL_SHADE, 1.2, (50, 10.5), (50, 24))
    c.dot(50, 58, 7, BULB)
    c.box(43, 20, 57, 30, look.shade, 2)
    c.slice(15, 26, 85, 88, 180, 360, look.main)
    c.box(43, 27, 57, 31, look.main, 1)
    c.box(12, 54.6, 88, 59.4, look.shade, 2.4)
    c.stroke(look.shade, 1.2, (20.6, 47), (50, 48.6), (79.4, 47))


def draw_clip_lamp(c: Canvas, look: Look) -> None:
    """Clipped to a shelf, over a row of books."""
    c.shape(LIGHT, (58, 36), (82, 36), (89, 76), (47, 76))
    for x, width, top, colour in ((50, 7, 52, "#7a5c86"), (58, 6, 56, "#3f7d85"),
                                  (65, 8, 50, "#b0485a"), (74, 6, 57, PAPER)):  # fmt: skip
        c.box(x, top, x + width - 0.8, 76, colour, 0.8)
    c.box(11, 76, 89, 83, WOOD, 1)
    c.box(11, 80, 89, 83, WOOD_SHADE, 1)
    c.stroke(look.main, 2.4, (30, 70), (28, 48), (36, 26), (52, 18), (66, 22), (70, 28))
    c.box(21, 66, 39, 77, look.main, 2.4)
    c.box(25, 80, 39, 88, look.main, 2.4)
    c.box(21, 66, 25.6, 88, look.shade, 2)
    c.dot(70, 37.6, 4.6, BULB)
    c.shape(look.main, (64, 22), (76, 22), (86, 37), (54, 37))
    c.shape(look.shade, (55.4, 35), (84.6, 35), (86, 38), (54, 38))


def draw_night_lamp(c: Canvas, look: Look) -> None:
    """A ball with a face, in its own glow, on its dock."""
    c.dot(50, 46, 36, "#fff3cf")
    c.dot(50, 46, 32.5, LIGHT)
    c.shadow(28, 72, 84)
    c.shape(WOOD, (33, 70), (67, 70), (71, 84), (29, 84))
    c.shape(WOOD_SHADE, (30.2, 80), (69.8, 80), (71, 84), (29, 84))
    c.dot(50, 46, 28, look.shade)
    c.dot(49, 44.8, 26.4, look.main)
    c.stroke("#5a4a3a", 1.6, (37, 44), (40, 46.4), (43, 44))
    c.stroke("#5a4a3a", 1.6, (56, 44), (59, 46.4), (62, 44))
    c.stroke("#5a4a3a", 1.6, (46.4, 52), (49.6, 54), (52.8, 52))
    c.dot(36.4, 51, 2.8, "#f0a58c")
    c.dot(62.6, 51, 2.8, "#f0a58c")


LIGHTS = {
    "lamp": draw_shaded_lamp,
    "arc-floor-lamp": draw_arc_lamp,
    "table-lamp": draw_paper_lamp,
    "reading-lamp": draw_reading_lamp,
    "pendant-lamp": draw_pendant_lamp,
    "clip-lamp": draw_clip_lamp,
    "night-lamp": draw_night_lamp,
}
