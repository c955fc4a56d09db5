"""Pans, pots and boards."""

from catalog.sample.drawing.canvas import Canvas
from catalog.sample.drawing.colours import (
    IRON,
    LEAF,
    PAPER,
    STEEL,
    STEEL_SHADE,
    WOOD,
    WOOD_SHADE,
    Look,
)
from catalog.sample.drawing.cups import draw_steam

CRUST, CRUST_SHADE, CRUMB = "#c98a4b", "#a56a33", "#f3dcb4"
YOLK, PASTA, TOMATO = "#efb23e", "#ecc873", "#c8453a"


def draw_skillet(c: Canvas, look: Look) -> None:
    """From above, with an egg in it; pan and handle are one piece."""
    c.line(look.shade, 8, (62, 38), (86, 14))
    c.line(look.main, 6, (62, 38), (86, 14))
    c.dot(84, 16, 5, look.main)
    c.dot(84, 16, 2.2, PAPER)
    c.shape(look.shade, (11, 50), (16, 47), (16, 65), (11, 62))
    c.shape(look.shade, (35, 85), (38, 89), (50, 89), (53, 85))
    c.dot(44, 57, 33, look.shade)
    c.dot(44, 55.6, 31.4, look.main)
    c.ring(19, 30.6, 69, 80.6, look.shade, 1.6)
    c.blob(PAPER, (29, 52), (38, 42), (51, 43), (60, 51), (57, 65), (45, 70), (33, 66))
    c.dot(45, 56, 7, YOLK)


def draw_sauce_pan(c: Canvas, look: Look) -> None:
    c.shadow(14, 66, 82)
    c.line(IRON, 5, (58, 48), (89, 38))
    c.dot(87.4, 38.6, 2.5, IRON)
    c.box(14, 40, 62, 82, look.main, 5)
    c.box(14, 70, 62, 75, look.shade)
    c.box(19, 46, 23, 66, "#d99a6b", 2)
    c.box(11.5, 36, 64.5, 43, STEEL, 2.5)
    c.shape(IRON, (54, 46), (62, 43), (62, 56), (54, 54))
    for x in (28, 38, 48):
        draw_steam(c, x, 31)


def draw_everyday_pan(c: Canvas, look: Look) -> None:
    """A pancake is in the air."""
    c.shadow(12, 64, 82)
    c.line(WOOD_SHADE, 6.4, (62, 67), (87, 59))
    c.line(WOOD, 4.2, (62, 66.4), (87, 58.4))
    c.shape(look.main, (11.5, 63), (66, 63), (58, 82), (18, 82))
    c.shape(look.shade, (15, 76), (60.6, 76), (58, 82), (18, 82))
    c.box(11, 60, 67, 65, look.shade, 2.5)
    c.blob(CRUST_SHADE, (22, 41), (36, 31), (54, 27), (58, 32), (44, 42), (27, 47))
    c.blob(CRUST, (22, 37), (36, 27), (54, 23), (58, 28), (44, 38), (27, 43))
    c.blob(CRUMB, (31, 36), (38, 30), (49, 28), (47, 33), (38, 37))
    c.stroke("#ffffff", 1.4, (28, 56), (26, 53), (26, 50))
    c.stroke("#ffffff", 1.4, (48, 54), (50, 50), (54, 45))


def draw_carving_board(c: Canvas, look: Look) -> None:
    """End grain with a groove; a tomato and a knife upon it."""
    c.shape(look.shade, (12, 38), (76, 20), (88, 64), (24, 82))
    c.shape(look.main, (12, 35), (76, 17), (88, 61), (24, 79))
    for step in (0.2, 0.4, 0.6, 0.8):
        c.line(look.shade, 0.5, (12 + 64 * step, 35 - 18 * step), (24 + 64 * step, 79 - 18 * step))
        c.line(look.shade, 0.5, (12 + 12 * step, 35 + 44 * step), (76 + 12 * step, 17 + 44 * step))
    edge = ((16.5, 37.2), (73.8, 21), (83.6, 58.6), (26.4, 74.8))
    c.line(look.shade, 1.4, *edge, edge[0])
    c.oval(28, 38, 50, 58, TOMATO)
    c.oval(32, 41, 38, 45, "#e07a6c")
    c.leaf(LEAF, (39, 41), -50, 8, 3.4)
    c.leaf(LEAF, (39, 41), 55, 8, 3.4)
    c.blob(STEEL, (46, 66), (64, 57.6), (72, 54), (73, 56.4), (60, 65.4))
    c.line(IRON, 4.4, (71.4, 55.2), (84, 49.6))


def draw_bread_board(c: Canvas, look: Look) -> None:
    """Long, with a handle; bread upon it, cut."""
    c.box(76, 47, 90, 59, look.shade, 5)
    c.box(12, 38, 79, 72, look.shade, 6)
    c.box(76, 45, 90, 57, look.main, 5)
    c.box(12, 36, 79, 69, look.main, 6)
    c.dot(85, 51, 2.2, PAPER)
    for y in (42, 63):
        c.stroke(look.shade, 0.8, (18, y), (40, y + 1.4), (60, y - 0.6), (74, y + 0.6))
    c.blob(CRUST_SHADE, (18, 53), (22, 34), (38, 27), (52, 32), (56, 52), (50, 60), (24, 60))
    c.blob(CRUST, (18, 50), (22, 31), (38, 24), (52, 29), (56, 49), (50, 57), (24, 57))
    for x in (27, 35.4, 44):
        c.stroke(CRUMB, 1.8, (x, 45), (x + 3, 38), (x + 5, 31.6))
    c.blob(CRUST, (58, 52), (61, 40), (68, 38), (73, 46), (72, 59), (62, 60))
    c.blob(CRUMB, (60.4, 52), (62.6, 42.6), (67.6, 41), (71, 47), (70, 57), (63, 57.6))


def draw_stew_pot(c: Canvas, look: Look) -> None:
    c.shadow(14, 86, 82)
    c.box(10.5, 48, 89.5, 55.5, look.shade, 3.5)
    c.box(18, 42, 82, 82, look.main, 8)
    c.box(18, 70, 82, 75, look.shade)
    c.slice(18, 22, 82, 58, 180, 360, look.main)
    c.box(14.5, 37, 85.5, 44.5, look.shade, 3.7)
    c.box(47, 19, 53, 25, look.shade)
    c.oval(41.5, 13, 58.5, 22, look.shade)


def draw_pasta_pot(c: Canvas, look: Look) -> None:
    """Tall, its lid ajar, spaghetti in it."""
    c.shadow(20, 80, 87)
    for x, top in ((32, 16), (38, 13), (44, 17), (50, 12), (56, 15)):
        c.line(PASTA, 1.5, (x + 4, 42), (x, top))
    c.box(12, 47, 88, 53.5, STEEL_SHADE, 3.2)
    c.box(22, 34, 78, 87, look.main, 6)
    c.box(28, 40, 32, 80, "#c3cacf", 2)
    c.box(22, 76, 78, 80, look.shade)
    c.box(19, 32, 81, 37.5, STEEL_SHADE, 2.7)
    c.line(look.shade, 4, (54, 32), (83, 20))
    c.line(STEEL_SHADE, 1.6, (54.6, 33.6), (83.6, 21.6))
    c.dot(66.4, 23, 3, IRON)


COOKWARE = {
    "iron-skillet-pan": draw_skillet,
    "copper-sauce-pan": draw_sauce_pan,
    "pan": draw_everyday_pan,
    "board": draw_carving_board,
    "bread-board": draw_bread_board,
    "pot": draw_stew_pot,
    "pasta-pot": draw_pasta_pot,
}
