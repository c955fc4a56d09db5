"""The figures as a picture: one bar a ratio, a whisker for its quartiles, a line for its goal."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.comparisons import Figure

ROW, TOP, LEFT, WIDTH = 34, 40, 470, 420  # pixels
INK, OURS, GOOD, BAD = "#222", "#6b7fd7", "#2e8b57", "#c0392b"


def draw(figures: Sequence["Figure"]) -> str:
    """An SVG document."""
    largest = max([1.1, *(figure.spread()[2] for figure in figures)])
    scale = WIDTH / largest
    height = TOP + ROW * len(figures) + 20
    rows = "".join(draw_row(figure, TOP + ROW * n, scale) for n, figure in enumerate(figures))
    even = LEFT + scale
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 80}" height="{height}" '
        f'font-family="sans-serif" font-size="12" fill="{INK}">'
        '<rect width="100%" height="100%" fill="#fff"/>'
        '<text x="10" y="20" font-weight="bold">CPU, ours / theirs (median, quartiles)</text>'
        f'<line x1="{even:.1f}" x2="{even:.1f}" y1="{TOP - 8}" y2="{height - 12}" stroke="#999"/>'
        f'<text x="{even:.1f}" y="{TOP - 12}" text-anchor="middle" fill="#666">equal</text>'
        f"{rows}</svg>\n"
    )


def draw_row(figure: "Figure", y: int, scale: float) -> str:
    low, middle, high = figure.spread()
    goal = figure.comparison.goal
    colour = OURS if goal is None else GOOD if middle <= goal else BAD
    end, centre = LEFT + middle * scale, y + ROW / 2
    label = escape(f"{figure.comparison.title}, {figure.server}")
    parts = [
        f'<text x="{LEFT - 10}" y="{centre + 4}" text-anchor="end">{label}</text>',
        f'<rect x="{LEFT}" y="{y + 6}" width="{middle * scale:.1f}" height="{ROW - 12}" '
        f'fill="{colour}"/>',
        f'<line x1="{LEFT + low * scale:.1f}" x2="{LEFT + high * scale:.1f}" y1="{centre}" '
        f'y2="{centre}" stroke="{INK}" stroke-width="2"/>',
    ]
    if goal is not None:
        x = LEFT + goal * scale
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y + 2}" y2="{y + ROW - 2}" stroke="{INK}" '
            'stroke-dasharray="3 2"/>'
        )
    parts.append(
        f'<text x="{max(end, LEFT + high * scale) + 6:.1f}" y="{centre + 4}" stroke="#fff" '
        f'stroke-width="4" paint-order="stroke">{middle:.2f}</text>'
    )
    return "".join(parts)
