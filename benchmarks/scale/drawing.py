"""A sale as a picture: orders over minutes, one panel a case."""

from collections.abc import Sequence
from html import escape

from benchmarks.scale.simulation import Moment

WIDTH, HEIGHT, LEFT, TOP, GAP = 330, 150, 60, 46, 74  # pixels
LINES = {
    "wanted": ("#999", "wanted"),
    "accepted": ("#6b7fd7", "accepted"),
    "confirmed": ("#2e8b57", "confirmed"),
    "mailed": ("#c0392b", "mail sent"),
}
STEP = 60  # seconds between two points
Panel = tuple[str, Sequence[Moment]]


def draw(title: str, panels: Sequence[Panel]) -> str:
    """An SVG document, two panels a row."""
    rows = (len(panels) + 1) // 2
    drawn = "".join(
        draw_panel(panel, LEFT + number % 2 * (WIDTH + GAP), TOP + number // 2 * (HEIGHT + GAP))
        for number, panel in enumerate(panels)
    )
    keys = "".join(
        f'<text x="{LEFT + 330 + 90 * n}" y="20" fill="{colour}" font-weight="bold">{name}</text>'
        for n, (colour, name) in enumerate(LINES.values())
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + 2 * WIDTH + GAP + 20}" '
        f'height="{TOP + rows * (HEIGHT + GAP) - 20}" font-family="sans-serif" font-size="11" '
        'fill="#222"><rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="10" y="20" font-weight="bold">{escape(title)}</text>{keys}{drawn}</svg>\n'
    )


def draw_panel(panel: Panel, left: int, top: int) -> str:
    name, moments = panel
    most = max(moments[-1].wanted, 1.0)
    minutes = (moments[-1].second + 1) / 60
    lines = "".join(
        f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="'
        f'{points(moments, field, most, left, top)}"/>'
        for field, (colour, _) in LINES.items()
    )
    return (
        f'<text x="{left}" y="{top + 4}">{escape(name)}</text>'
        f'<path d="M{left} {top + 12}v{HEIGHT - 12}h{WIDTH}" fill="none" stroke="#222"/>'
        f'<text x="{left - 4}" y="{top + 20}" text-anchor="end">{most:,.0f}</text>'
        f'<text x="{left - 4}" y="{top + HEIGHT}" text-anchor="end">0</text>'
        f'<text x="{left + WIDTH}" y="{top + HEIGHT + 14}" text-anchor="end">'
        f"{minutes:.0f} minutes</text>{lines}"
    )


def points(moments: Sequence[Moment], field: str, most: float, left: int, top: int) -> str:
    """The line's points; `most` is the panel's upper edge."""
    scale = (HEIGHT - 12) / most
    chosen = [*moments[:-1:STEP], moments[-1]]
    return " ".join(
        f"{left + WIDTH * moment.second / moments[-1].second:.0f},"
        f"{top + HEIGHT - scale * float(getattr(moment, field)):.0f}"
        for moment in chosen
    )
