"""HTML, as other shops keep descriptions, to the plain text that is kept here."""

import re
from html.parser import HTMLParser

HIDDEN = frozenset(("head", "iframe", "object", "script", "style", "template", "title"))
PARAGRAPHS = frozenset(("blockquote", "div", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
                        "ol", "p", "pre", "section", "table", "ul"))  # fmt: skip
LINES = frozenset(("br", "dd", "dt", "li", "tr"))
MARKUP = re.compile(r"<[a-zA-Z/!]|&[#a-zA-Z0-9]+;")


class Text(HTMLParser):
    """Collects what a browser would show, paragraphs apart by an empty line."""

    def __init__(self, source: str):
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0
        # Without one tag that makes a line, the lines are the text's own.
        self.breaks = not re.search(r"<(br|p|div|li|h\d)\b", source, re.IGNORECASE)
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in HIDDEN
        self.break_line(tag)
        if tag == "li":
            self.parts.append("- ")
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(0, self.hidden - (tag in HIDDEN))
        if tag in PARAGRAPHS:
            self.break_line(tag)

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data if self.breaks else re.sub(r"\s+", " ", data))

    def break_line(self, tag: str) -> None:
        if tag in PARAGRAPHS:
            self.parts.append("\n\n")
        elif tag in LINES:
            self.parts.append("\n")


def text_of(source: str) -> str:
    """The text of some HTML; a text without markup is as it was."""
    if not MARKUP.search(source):
        return source.strip()
    lines = "".join(Text(source).parts).split("\n")
    tidy = "\n".join(" ".join(line.split()) for line in lines)
    return re.sub(r"\n{3,}", "\n\n", tidy).strip()
