"""Colours of options (from swatches.csv), materials and grounds, and what follows from them."""

import csv
import zlib
from dataclasses import dataclass
from pathlib import Path

Swatches = dict[tuple[str, str], str]

GROUNDS = (
    "#f3ece1", "#e6eee8", "#f6e9dc", "#e5ebf1", "#f4e6e4", "#eaf0e2", "#f2efe6", "#ebe7f0",
)  # fmt: skip
WOOD, WOOD_SHADE, LEAF, LEAF_SHADE = "#c69c6d", "#a07a50", "#5b8a5a", "#436b45"
PAPER, LINE, LIGHT, STEEL = "#fffdf7", "#cfc7b8", "#ffe9a8", "#8b949c"
BULB, STEEL_SHADE, IRON, COFFEE = "#fff6d2", "#6a737b", "#3d4246", "#5b3a29"

#: Of products none of whose options is a colour.
OWN = {
    "iron-skillet-pan": IRON,
    "copper-sauce-pan": "#c0713f",
    "everyday-pan": "#5b646b",
    "oak-carving-board": "#c99d66",
    "walnut-bread-board": "#7d5539",
    "pasta-pot": "#a3acb3",
    "oak-dining-table": "#b0485a",
    "trestle-work-table": "#3f7d85",
    "monstera-plant": "#2f4a6d",
    "snake-plant": "#d9a441",
    "olive-plant": "#c46a45",
    "brass-fountain-pen": "#c79d4a",
    "drafting-pen": "#43484c",
    "cedar-pencil": "#3f7d85",
    "slow-soup-book": "#c4573a",
    "bread-by-hand-book": "#3f6f76",
    "a-year-of-trees-book": "#4b7356",
    "small-repairs-book": "#d9a441",
    "the-lamp-keeper-book": "#2f4a6d",
    "counting-to-ten-book": "#d98a8f",
}


@dataclass(frozen=True)
class Look:
    """How an object looks: its colour, that colour's shade, and what shows upon it.

    `length` is the part of its full length that a long thing has.
    """

    main: str
    shade: str
    mark: str
    length: float = 1.0


def look_in(main: str, length: float = 1.0) -> Look:
    """Marks are of paper, on light colours of the shade."""
    shade = shade_of(main)
    return Look(main, shade, shade if brightness(main) > 0.68 else PAPER, length)


def shade_of(colour: str) -> str:
    """Darker; of what is nearly black lighter, since nobody would see it otherwise."""
    if brightness(colour) < 0.2:
        return mix(colour, "#ffffff", 0.17)
    if brightness(colour) > 0.8:
        return mix(colour, "#8f8068", 0.32)
    return mix(colour, "#0d0d14", 0.24)


def ground_for(main: str, name: str) -> str:
    """One of the three grounds from which a light colour stands out best; of the eight any.

    Which one follows from the picture's name.
    """
    grounds = sorted(GROUNDS, key=lambda ground: -distance(ground, main))
    number = 3 if brightness(main) > 0.8 else len(grounds)
    return grounds[zlib.crc32(name.encode()) % number]


def read_swatches(path: Path) -> Swatches:
    """The colour (#rrggbb) of an option's value."""
    with path.open(newline="", encoding="utf-8") as file:
        return {(row["option"], row["value"]): row["colour"] for row in csv.DictReader(file)}


def levels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of #rrggbb, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(colour: str, other: str, part: float) -> str:
    """The colour with so much of the other in it, 0 to 1."""
    pairs = zip(levels(colour), levels(other), strict=True)
    return "#" + "".join(f"{round(one * (1 - part) + two * part):02x}" for one, two in pairs)


def brightness(colour: str) -> float:
    """0 to 1, as ITU-R BT.601 weighs the three."""
    red, green, blue = levels(colour)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def distance(one: str, two: str) -> int:
    """The squares of the three differences, added."""
    return sum((a - b) ** 2 for a, b in zip(levels(one), levels(two), strict=True))
