"""Books: one form, a cover each."""

from catalog.sample.drawing.canvas import Canvas
from catalog.sample.drawing.colours import LIGHT, LINE, PAPER, Look, mix

NIGHT, SEA = "#22364f", "#5f8fa3"


def draw_bound(c: Canvas, look: Look, *, title: float = 20) -> None:
    """A book that lies closed; a label for its title at the height `title`."""
    c.shadow(20, 84, 87)
    c.box(26, 13, 81, 87.4, look.shade, 2)
    c.box(26, 14, 79.6, 86, PAPER, 1)
    c.line(LINE, 0.7, (78.4, 15), (78.4, 85))
    c.box(21, 11.5, 77, 85, look.main, 2)
    c.box(21, 11.5, 28, 85, look.shade, 2)
    c.box(36, title, 70, title + 11, PAPER, 1)
    c.line(look.shade, 1.3, (40, title + 4), (66, title + 4))
    c.line(look.shade, 1.3, (45, title + 7.4), (61, title + 7.4))


def draw_soup_book(c: Canvas, look: Look) -> None:
    draw_bound(c, look)
    c.slice(34, 46, 72, 82, 0, 180, PAPER)
    c.oval(34, 59, 72, 69, LINE)
    c.oval(36.4, 60.2, 69.6, 67.8, "#e3a13f")
    for x, y in ((46, 63), (55, 65), (60, 62.6)):
        c.oval(x - 2, y - 1, x + 2, y + 1, "#5b8a5a")
    for x in (45, 53, 61):
        c.stroke(PAPER, 1.4, (x, 56), (x + 2, 51), (x - 1, 46), (x + 1, 41))


def draw_bread_book(c: Canvas, look: Look) -> None:
    draw_bound(c, look, title=64)
    c.blob("#a56a33", (34, 44), (38, 28), (53, 22), (68, 28), (72, 44), (66, 51), (40, 51))
    c.blob("#d3974f", (34, 42), (38, 26), (53, 20), (68, 26), (72, 42), (66, 49), (40, 49))
    for x in (43, 51, 59):
        c.stroke("#f3dcb4", 2, (x, 42), (x + 2.4, 35), (x + 5, 28))


def draw_tree_book(c: Canvas, look: Look) -> None:
    draw_bound(c, look)
    c.stroke("#8a6a4c", 3, (53, 79), (53, 68), (53, 56))
    for x, y, radius, fill in ((44, 58, 8, "#a9c28d"), (62, 57, 8.6, "#e3b04b"),
                               (53, 48, 10, "#c9d6a0"), (53, 62, 7, "#d9804b")):  # fmt: skip
        c.dot(x, y, radius, fill)
    c.stroke("#8a6a4c", 1.4, (53, 68), (57, 62), (60, 58))
    c.stroke("#8a6a4c", 1.4, (53, 66), (49, 62), (46, 58))
    c.line(look.shade, 1.4, (36, 79), (70, 79))


def draw_repairs_book(c: Canvas, look: Look) -> None:
    """A reel of thread, a needle and a button."""
    draw_bound(c, look)
    c.box(38, 42, 55, 46, "#a07a50", 1)
    c.box(40, 46, 53, 63, "#b0485a")
    for y in (49, 53, 57, 61):
        c.line("#8a3346", 0.8, (40, y), (53, y + 1.4))
    c.box(38, 63, 55, 67, "#a07a50", 1)
    c.stroke("#b0485a", 1, (53, 61), (60, 70), (66, 66), (67, 52), (67, 46))
    c.line("#5f6970", 1.4, (67, 42), (67, 60))
    c.dot(52, 75, 4.6, PAPER)
    for x in (50.6, 53.4):
        c.dot(x, 75, 0.9, look.shade)


def draw_lighthouse_book(c: Canvas, look: Look) -> None:
    draw_bound(c, look, title=16)
    c.box(28, 31, 77, 85, NIGHT)
    c.shape(LIGHT, (53, 43), (77, 35), (77, 50))
    c.shape(mix(LIGHT, NIGHT, 0.4), (53, 43), (28, 38), (28, 48))
    c.shape(PAPER, (49, 47), (57, 47), (60, 76), (46, 76))
    c.shape("#c4573a", (48.2, 54), (57.8, 54), (58.5, 61), (47.5, 61))
    c.shape("#c4573a", (46.8, 68), (59.2, 68), (60, 76), (46, 76))
    c.box(49, 40, 57, 47, LIGHT)
    c.shape("#c4573a", (47.4, 40), (58.6, 40), (53, 34.6))
    c.box(28, 76, 77, 85, SEA, 1)
    c.stroke(PAPER, 0.9, (32, 80), (40, 79), (48, 81), (58, 79), (72, 80.6))


def draw_counting_book(c: Canvas, look: Look) -> None:
    """The sock, and dots to count."""
    draw_bound(c, look)
    colours = ("#fffdf7", "#d9a441", "#3f7d85", "#5d7f63", "#7a5c86")
    for number in range(10):
        c.dot(38 + number % 5 * 7.4, 40 + number // 5 * 7.4, 2.5, colours[number % 5])
    c.blob("#3f7d85", (46, 56), (58, 56), (58, 66), (68, 73), (66, 79), (56, 79), (46, 72))
    c.box(45, 55, 59, 59, PAPER, 1.6)
    c.line(PAPER, 1.8, (46, 63.4), (58, 63.4))
    c.line(PAPER, 1.8, (46, 68), (58.6, 68))


BOOKS = {
    "book": draw_soup_book,
    "bread-by-hand-book": draw_bread_book,
    "a-year-of-trees-book": draw_tree_book,
    "small-repairs-book": draw_repairs_book,
    "the-lamp-keeper-book": draw_lighthouse_book,
    "counting-to-ten-book": draw_counting_book,
}
