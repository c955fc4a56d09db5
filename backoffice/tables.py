"""Rows of data that are no rows of a table, as pages of the admin show them."""

from datetime import datetime
from typing import Any

from django.contrib.admin.utils import display_for_value
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def moment(at: datetime | str) -> SafeString:
    """A time, also one stored as ISO 8601, to the minute; pointed at, all of it."""
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    text = at if isinstance(at, str) else at.isoformat().replace("+00:00", "Z")
    shown = display_for_value(when, "-")
    return format_html('<time datetime="{0}" title="{0}">{1}</time>', text, shown)


def table(titles: Any, rows: Any) -> SafeString:
    """An HTML table, every cell escaped; a dash for no rows."""
    rows = list(rows)
    if not rows:
        return SafeString("-")
    head = format_html_join("", "<th>{}</th>", ((title,) for title in titles))
    body = format_html_join(
        "",
        "<tr>{}</tr>",
        ((format_html_join("", "<td>{}</td>", ((cell,) for cell in row)),) for row in rows),
    )
    return format_html(
        '<div style="overflow-x: auto"><table>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        head, body,
    )  # fmt: skip
