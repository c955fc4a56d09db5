"""Plants in their pots."""

from math import atan2, cos, degrees, radians, sin

from catalog.sample.drawing.canvas import Canvas
from catalog.sample.drawing.colours import LEAF, LEAF_SHADE, Look

BARK, OLIVE, OLIVE_SHADE = "#8a6a4c", "#8fa382", "#71876a"


def draw_pot(c: Canvas, look: Look, half: float, top: float) -> None:
    """Stands at 88, from `top` on, and is twice `half` wide."""
    c.shadow(50 - half - 3, 50 + half + 3, 87)
    c.shape(look.main, (50 - half + 2, top + 4), (50 + half - 2, top + 4),
            (50 + half * 0.72, 88), (50 - half * 0.72, 88))  # fmt: skip
    c.box(50 - half, top, 50 + half, top + 7.5, look.shade, 2)


def draw_aloe(c: Canvas, look: Look) -> None:
    """The plant of the home page."""
    for angle in (-74, -38, 8, 44, 78):
        c.leaf(LEAF_SHADE, (50, 63), angle, 41, 17)
    for angle in (-55, -17, 26, 61):
        c.leaf(LEAF, (50, 63), angle, 47, 18)
    draw_pot(c, look, 20, 57)


def draw_monstera(c: Canvas, look: Look) -> None:
    """Large leaves with slits, each on its stalk."""
    leaves = ((27, 41, -58, LEAF_SHADE), (73, 43, 58, LEAF_SHADE), (33, 26.4, -24, LEAF),
              (66, 26, 22, LEAF_SHADE), (50, 40, 4, LEAF))  # fmt: skip
    for x, y, _angle, fill in leaves:
        c.stroke(fill, 1.6, (50, 66), (50 + (x - 50) * 0.5, 52), (x, y))
    for x, y, angle, fill in leaves:
        draw_slit_leaf(c, x, y, angle, fill)
    draw_pot(c, look, 19, 62)


def draw_slit_leaf(c: Canvas, x: float, y: float, angle: float, fill: str) -> None:
    """A heart with cuts from its sides, about (x, y), in degrees from straight up."""
    turn_cos, turn_sin = cos(radians(angle)), sin(radians(angle))

    def place(across: float, up: float) -> tuple[float, float]:
        return x + across * turn_cos + up * turn_sin, y + across * turn_sin - up * turn_cos

    outline = ((0, 15), (6, 11), (9.4, 8.4), (4.6, 5.6), (11.6, 4.4), (12.4, 1.6), (5.4, -0.6),
               (12.4, -3), (11, -7), (4, -9))  # fmt: skip
    right = [place(across, up) for across, up in outline]
    left = [place(-across, up) for across, up in reversed(outline[1:])]
    c.blob(fill, *right, place(0, -6), *left)
    c.stroke("#7ba878", 0.8, place(0, -6), place(0, 2), place(0, 11))


def draw_snake_plant(c: Canvas, look: Look) -> None:
    """Upright blades with a light edge."""
    blades = ((41, -16, 46), (59, 17, 44), (46, -7, 54), (55, 8, 51), (50, 0, 58))
    for x, angle, length in blades:
        c.leaf("#c9c26a", (x, 71), angle, length, 10)
        c.leaf(LEAF_SHADE, (x, 71), angle, length - 3, 6.6)
        for part in (0.3, 0.48, 0.66):
            tip_x = x + sin(radians(angle)) * length * part
            tip_y = 71 - cos(radians(angle)) * length * part
            c.stroke(LEAF, 1.1, (tip_x - 2.2, tip_y), (tip_x, tip_y - 1), (tip_x + 2.2, tip_y))
    draw_pot(c, look, 17, 66)


def draw_olive_tree(c: Canvas, look: Look) -> None:
    c.stroke(BARK, 3, (50, 72), (49, 56), (51, 44), (50, 30))
    c.stroke(BARK, 1.8, (50, 48), (41, 40), (34, 34))
    c.stroke(BARK, 1.8, (50, 44), (60, 38), (67, 33))
    twigs = ((34, 34), (42, 26), (50, 22), (58, 26), (67, 33), (50, 36), (38, 42), (62, 43))
    for number, (x, y) in enumerate(twigs):
        for step in range(6):
            fill = OLIVE if (number + step) % 2 else OLIVE_SHADE
            c.leaf(fill, (x, y), step * 60 + number * 17, 12.5, 4.6)
    for x, y in ((37, 36), (57, 31), (64, 44), (46, 41)):
        c.oval(x - 1.6, y - 2.2, x + 1.6, y + 2.2, "#4d4a63")
    draw_pot(c, look, 18, 66)


def draw_pilea(c: Canvas, look: Look) -> None:
    """Round leaves on long stalks."""
    leaves = ((19, 45, 8, LEAF_SHADE), (81, 46, 8, LEAF_SHADE), (27, 29, 9, LEAF),
              (73, 30, 9, LEAF), (43, 21, 9, LEAF_SHADE), (59, 22, 8.4, LEAF), (36, 44, 9.6, LEAF),
              (64, 45, 9, LEAF_SHADE), (50, 37, 9.4, LEAF))  # fmt: skip
    for x, y, _radius, _fill in leaves:
        c.stroke("#8fae7e", 1.1, (50, 68), (50 + (x - 50) * 0.6, 54), (x, y))
    for x, y, radius, fill in leaves:
        c.oval(x - radius, y - radius * 0.86, x + radius, y + radius * 0.86, fill)
        c.dot(x, y + 1, 1.3, "#cfe0b8")
    draw_pot(c, look, 17, 63)


def draw_fern(c: Canvas, look: Look) -> None:
    """Fronds that bend over the pot."""
    fronds = ((36, 38, 61), (36, 19, 43), (27, 9, 27), (11, 7, 20))
    for number, (reach, top, end) in enumerate(fronds):
        for side in (-1, 1):
            draw_frond(c, side * reach, top, end, LEAF if number % 2 else LEAF_SHADE)
    draw_pot(c, look, 18, 64)


def draw_frond(c: Canvas, reach: float, top: float, end: float, fill: str) -> None:
    """From the pot's middle up towards `top` and over to (50 + reach, end), with leaflets."""
    places = []
    for step in range(14):
        t = step / 13
        x = 50 + reach * t
        places.append((x, 68 * (1 - t) ** 2 + 2 * top * t * (1 - t) + end * t**2))
    c.stroke(fill, 0.9, *places)
    for number in range(3, 14):
        (x0, y0), (x, y) = places[number - 1], places[number]
        along = degrees(atan2(x - x0, y0 - y))
        size = 10.5 - number * 0.58
        for aside in (-65, 65):
            c.leaf(fill, (x, y), along + aside, size, size * 0.45)


PLANTS = {
    "plant": draw_aloe,
    "monstera-plant": draw_monstera,
    "snake-plant": draw_snake_plant,
    "olive-plant": draw_olive_tree,
    "pilea-plant": draw_pilea,
    "fern-plant": draw_fern,
}
