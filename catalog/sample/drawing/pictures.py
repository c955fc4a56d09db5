"""From the lines of products.csv to pictures: which variants each shows, and how they look."""

import csv
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from catalog.pairs import parse_pairs
from catalog.sample.drawing.books import BOOKS
from catalog.sample.drawing.canvas import Canvas
from catalog.sample.drawing.clothing import CLOTHING
from catalog.sample.drawing.colours import OWN, Look, Swatches, ground_for, look_in, read_swatches
from catalog.sample.drawing.cookware import COOKWARE
from catalog.sample.drawing.cups import CUPS
from catalog.sample.drawing.desk import DESK
from catalog.sample.drawing.furniture import FURNITURE
from catalog.sample.drawing.lights import LIGHTS
from catalog.sample.drawing.plants import PLANTS
from catalog.sample.drawing.textiles import TEXTILES

SAMPLE = Path(__file__).resolve().parents[1]
Kind = Callable[[Canvas, Look], None]
Options = dict[str, str]

#: What to draw, by the end of a product's slug; the longest that fits.
KINDS: dict[str, Kind] = {
    **CUPS, **COOKWARE, **LIGHTS, **FURNITURE, **TEXTILES, **PLANTS, **CLOTHING, **DESK, **BOOKS,
}  # fmt: skip

#: Sizes in words, beside those in figures.
WORDS = {"Small": 7, "Large": 10, "Paperback": 9, "Board book": 8, "Hardcover": 10}
SIZES = ("diameter", "height", "length", "size", "volume", "format")
SMALLEST = 0.62


@dataclass(frozen=True)
class Picture:
    """A file, the product it shows, and the options of the variants it shows."""

    name: str
    slug: str
    options: Options
    size: float  # of the product's largest, 0 to 1

    def canvas(self, swatches: Swatches) -> Canvas:
        """The picture, drawn. Raises KeyError for a product that has no colour and no drawing."""
        colours = [swatches[pair] for pair in self.options.items() if pair in swatches]
        is_long = "length" in self.options
        main = colours[0] if colours else OWN[self.slug]
        canvas = Canvas(ground_for(main, f"{self.slug} {main}"), scale=1 if is_long else self.size)
        kind_of(self.slug)(canvas, look_in(main, self.size if is_long else 1))
        return canvas


def kind_of(slug: str) -> Kind:
    """Raises KeyError for what nobody has drawn."""
    words = slug.split("-")
    ends = ["-".join(words[start:]) for start in range(len(words))]
    return KINDS[next((end for end in ends if end in KINDS), slug)]


def read_pictures(path: Path) -> list[Picture]:
    """What the file names in its column `image`, in its order.

    A picture named by several lines shows what their options have in common.
    """
    lines: dict[tuple[str, str], list[Options]] = defaultdict(list)
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            lines[row["product_slug"], row["image"]].append(parse_pairs(row["options"]))
    shown = {key: in_common(variants) for key, variants in lines.items()}
    largest: dict[str, float] = defaultdict(float)
    for (slug, _name), options in shown.items():
        largest[slug] = max(largest[slug], measure(options))
    return [
        Picture(name, slug, options, max(SMALLEST, measure(options) / largest[slug]))
        for (slug, name), options in shown.items()
    ]


def in_common(variants: list[Options]) -> Options:
    first, *others = variants
    return {
        option: value
        for option, value in first.items()
        if all(other.get(option) == value for other in others)
    }


def measure(options: Options) -> float:
    """How large they say that it is, along a side, in whatever unit; 1 if they do not."""
    size = next((option for option in SIZES if option in options), "")
    if not size:
        return 1
    value = options[size]
    number = WORDS.get(value) or float(value.split()[0])
    return float(number ** (1 / 3)) if size == "volume" else number


def draw_all(sample: Path = SAMPLE) -> None:
    """Draw what products.csv names into the folder `images`."""
    swatches = read_swatches(sample / "swatches.csv")
    for picture in read_pictures(sample / "products.csv"):
        picture.canvas(swatches).save(sample / "images" / picture.name)
