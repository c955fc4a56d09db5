"""What is drawn on: Pillow's calls in hundredths of the picture's side, and curves."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from math import cos, radians, sin
from pathlib import Path

from PIL import Image, ImageDraw

Point = tuple[float, float]

SIZE = 1200
SMOOTH = 3  # drawn this much larger, then scaled down: no jagged edges
STEPS = 24  # straight pieces of a curve between two points
QUALITY = 82
SHADOW = 0.12  # of black


class Canvas:
    """A square of 100 units; what is drawn is scaled about its middle.

    Without a ground it is transparent, and shadows are black with 12 % of opacity.
    """

    def __init__(self, ground: str = "", *, scale: float = 1.0):
        side = SIZE * SMOOTH
        self.scale = scale
        self.unit = side / 100
        if ground:
            self.image = Image.new("RGB", (side, side), ground)
            shade = tuple(round(level * (1 - SHADOW)) for level in self.image.getpixel((0, 0)))  # type: ignore[union-attr]
        else:
            self.image = Image.new("RGBA", (side, side))
            shade = (0, 0, 0, round(255 * SHADOW))
        self.shade = shade
        self.draw = ImageDraw.Draw(self.image)

    def at(self, *points: Point) -> list[Point]:
        """Where the points are, in pixels."""
        return [
            (self.unit * (50 + (x - 50) * self.scale), self.unit * (50 + (y - 50) * self.scale))
            for x, y in points
        ]

    def wide(self, length: float) -> int:
        return max(1, round(length * self.scale * self.unit))

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: str, round: float = 0) -> None:
        self.draw.rounded_rectangle(self.at((x0, y0), (x1, y1)), self.wide(round), fill)

    def frame(
        self, x0: float, y0: float, x1: float, y1: float, fill: str, width: float, round: float
    ) -> None:
        """A rounded box that is empty inside."""
        corners = self.at((x0, y0), (x1, y1))
        self.draw.rounded_rectangle(corners, self.wide(round), None, fill, self.wide(width))

    def oval(self, x0: float, y0: float, x1: float, y1: float, fill: str) -> None:
        self.draw.ellipse(self.at((x0, y0), (x1, y1)), fill)

    def dot(self, x: float, y: float, radius: float, fill: str) -> None:
        self.oval(x - radius, y - radius, x + radius, y + radius, fill)

    def ring(self, x0: float, y0: float, x1: float, y1: float, fill: str, width: float) -> None:
        self.draw.ellipse(self.at((x0, y0), (x1, y1)), outline=fill, width=self.wide(width))

    def slice(
        self, x0: float, y0: float, x1: float, y1: float, start: float, end: float, fill: str
    ) -> None:
        """Of an oval what a straight cut leaves, in degrees clockwise from the right."""
        self.draw.chord(self.at((x0, y0), (x1, y1)), start, end, fill)

    def shape(self, fill: str, *points: Point) -> None:
        self.draw.polygon(self.at(*points), fill)

    def blob(self, fill: str, *points: Point) -> None:
        """A closed curve through the points."""
        self.shape(fill, *curve([points[-1], *points, points[0], points[1]]))

    def line(self, fill: str, width: float, *points: Point) -> None:
        """Straight pieces, cut off at the ends."""
        self.draw.line(self.at(*points), fill, self.wide(width), joint="curve")

    def stroke(self, fill: str, width: float, *points: Point) -> None:
        """A curve through the points, round at the ends."""
        places = curve([points[0], *points, points[-1]])
        self.line(fill, width, *places)
        for x, y in places:
            self.dot(x, y, width / 2, fill)

    def leaf(self, fill: str, foot: Point, angle: float, length: float, width: float) -> None:
        """A leaf with a pointed tip, in degrees from straight up."""
        dx, dy = sin(radians(angle)), -cos(radians(angle))

        def place(along: float, aside: float) -> Point:
            return (
                foot[0] + dx * length * along - dy * width * aside,
                foot[1] + dy * length * along + dx * width * aside,
            )

        left = curve([foot, foot, place(0.4, 0.5), place(0.75, 0.36), place(1, 0), place(1, 0)])
        right = curve([foot, foot, place(0.4, -0.5), place(0.75, -0.36), place(1, 0), place(1, 0)])
        self.shape(fill, *left, *reversed(right))

    def shadow(self, x0: float, x1: float, y: float) -> None:
        self.draw.ellipse(self.at((x0, y - 2.5), (x1, y + 2.5)), self.shade)

    @contextmanager
    def inside(self, *points: Point) -> Iterator[None]:
        """What is drawn meanwhile stays within the shape."""
        before = self.image.copy()
        yield
        outside = Image.new("L", self.image.size, 255)
        ImageDraw.Draw(outside).polygon(self.at(*points), 0)
        self.image.paste(before, mask=outside)

    def finished(self, size: int = SIZE) -> Image.Image:
        """The picture, `size` pixels square."""
        return self.image.resize((size, size), Image.Resampling.LANCZOS)

    def save(self, path: Path) -> None:
        self.finished().save(path, "WEBP", quality=QUALITY, method=6)


def curve(points: list[Point]) -> list[Point]:
    """Catmull and Rom's spline through all points but the first and the last, which steer it."""
    places = []
    for number, (start, end) in enumerate(pairwise(points[1:-1])):
        before, after = points[number], points[number + 3]
        for step in range(STEPS):
            t = step / STEPS
            places.append(
                (
                    between(before[0], start[0], end[0], after[0], t),
                    between(before[1], start[1], end[1], after[1], t),
                )
            )
    return [*places, points[-2]]


def between(a: float, b: float, c: float, d: float, t: float) -> float:
    """From b (t is 0) to c (t is 1), along a and d."""
    linear, square, cubic = c - a, 2 * a - 5 * b + 4 * c - d, 3 * b - a - 3 * c + d
    return b + (linear * t + square * t**2 + cubic * t**3) / 2
