"""Mugs and cups."""

from catalog.sample.drawing.canvas import Canvas
from catalog.sample.drawing.colours import COFFEE, IRON, PAPER, STEEL, STEEL_SHADE, Look

STEAM = "#ffffff"


def draw_steam(c: Canvas, x: float, y: float, height: float = 13) -> None:
    """A thread of steam that rises from (x, y)."""
    step = height / 3
    points = [(x, y), (x + 2.4, y - step), (x - 0.6, y - 2 * step), (x + 1.8, y - height)]
    c.stroke(STEAM, 1.6, *points)


def draw_harbour_mug(c: Canvas, look: Look) -> None:
    c.shadow(20, 80, 83)
    c.ring(58, 42, 84, 70, look.shade, 5.4)
    c.box(63, 40, 76, 45.4, look.shade, 2.6)
    c.box(22, 32, 69, 83, look.main, 7)
    c.box(22, 69, 69, 74, look.shade)
    c.oval(22, 27, 69, 37, look.shade)
    c.oval(25, 28.6, 66, 35.6, COFFEE)
    draw_steam(c, 37, 25)
    draw_steam(c, 51, 25)


def draw_morning_mug(c: Canvas, look: Look) -> None:
    c.shadow(20, 80, 84)
    c.frame(58, 40, 82, 68, look.shade, 5, 9)
    c.shape(look.main, (25, 25), (67, 25), (67, 77), (70, 84), (22, 84), (25, 77))
    c.shape(look.shade, (24, 79), (68, 79), (70, 84), (22, 84))
    c.oval(25, 20, 67, 30, look.shade)
    c.oval(28, 21.6, 64, 28.4, "#a4552b")
    c.stroke(PAPER, 0.8, (56, 23), (58, 36), (55, 49))
    c.shape(PAPER, (50, 50), (55, 46), (60, 50), (60, 62), (50, 62))
    c.dot(55, 56, 2.4, "#5b8a5a")


def draw_ridge_mug(c: Canvas, look: Look) -> None:
    c.shadow(24, 78, 85)
    c.ring(57, 36, 80, 64, look.shade, 4)
    c.shape(look.main, (26, 19), (68, 19), (63, 80), (58, 85), (36, 85), (31, 80))
    for y in range(28, 81, 6):
        inset = (y - 19) * 5 / 61
        c.line(look.shade, 1.3, (26 + inset, y), (68 - inset, y))
    c.oval(26, 15, 68, 23.5, look.shade)
    c.oval(28.5, 16.4, 65.5, 22.4, "#8a5a34")


def draw_camp_mug(c: Canvas, look: Look) -> None:
    c.shadow(16, 82, 80)
    c.ring(60, 40, 86, 66, look.main, 3.6)
    c.box(16, 34, 72, 80, look.main, 5)
    for x, y in ((24, 48), (33, 60), (45, 50), (56, 64), (64, 52), (27, 71), (48, 72), (38, 44)):
        c.dot(x, y, 1.1, look.mark)
    c.oval(16, 28, 72, 40, IRON)
    c.oval(17.6, 29.4, 70.4, 38.6, look.shade)
    c.oval(20, 31.6, 68, 38.4, COFFEE)
    draw_steam(c, 38, 25, 11)
    draw_steam(c, 50, 25, 11)


def draw_espresso_cup(c: Canvas, look: Look) -> None:
    c.shadow(22, 78, 76)
    c.oval(20, 66, 80, 78, look.shade)
    c.oval(24, 65, 76, 74, look.main)
    c.ring(57, 42, 72, 58, look.shade, 3.4)
    c.shape(look.main, (33, 36), (63, 36), (61, 58), (55, 70), (41, 70), (35, 58))
    c.oval(33, 31.5, 63, 40.5, look.shade)
    c.oval(36, 33.2, 60, 39.6, "#4a2c1d")
    c.oval(38, 34.4, 56, 38.4, "#b07a45")
    c.stroke(STEEL, 1.8, (67, 71), (75, 66), (83, 60))
    c.blob(STEEL_SHADE, (62, 73), (66, 69.6), (70, 70), (67, 74))
    draw_steam(c, 46, 28)


def draw_cappuccino_cup(c: Canvas, look: Look) -> None:
    c.shadow(14, 86, 79)
    c.oval(11, 67, 89, 81, look.shade)
    c.oval(16, 66, 84, 77, look.main)
    c.ring(66, 38, 88, 58, look.shade, 4.4)
    c.shape(
        look.main, (18, 33), (78, 33), (73, 52), (61, 68), (58, 73), (38, 73), (35, 68), (23, 52)
    )
    c.oval(18, 25, 78, 42, look.shade)
    c.oval(21.5, 27.4, 74.5, 40.6, "#9a6a42")
    c.oval(25, 28.6, 71, 39.6, "#f0dfc3")
    c.blob("#a8764a", (48, 37.6), (39, 33.4), (42, 30.2), (48, 31.8), (54, 30.2), (57, 33.4))


def draw_tea_bowl(c: Canvas, look: Look) -> None:
    c.shadow(24, 76, 82)
    c.box(38, 74, 62, 82, "#a9805a", 2)
    c.blob(
        look.main, (18, 38), (21, 56), (33, 73), (50, 78), (67, 73), (79, 56), (82, 38), (50, 34)
    )
    c.blob(look.shade, (32, 72), (50, 70), (68, 72), (60, 77), (50, 78.4), (40, 77))
    c.oval(18, 29, 82, 47, look.shade)
    c.oval(21.5, 31.4, 78.5, 46, "#7f8c3f")
    draw_steam(c, 42, 27)
    draw_steam(c, 55, 27)


CUPS = {
    "mug": draw_harbour_mug,
    "morning-mug": draw_morning_mug,
    "ridge-mug": draw_ridge_mug,
    "camp-mug": draw_camp_mug,
    "cup": draw_cappuccino_cup,
    "espresso-cup": draw_espresso_cup,
    "tea-bowl-cup": draw_tea_bowl,
}
