"""Tables as text: which letters and which separator a file is written with, and its lines."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TextIO

from catalog.importing.drafts import LineError, Refused
from catalog.importing.lines import Line

MOST_LETTERS = 100_000  # of a cell
#: Of a cell while it is read: so much is no text but the rest of a file, after an open quote.
PARSED_LETTERS = 1_000_000
BLANKS = "\ufeff \t\r\n"  # the mark too, where somebody has named the encoding
TOLD = re.compile(r"sep=([,;\t])\s*", re.IGNORECASE)
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
#: What a file begins with that says itself how it is written (Unicode Standard, 23.8).
MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods, .xls
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
}
UNREADABLE = (
    "The file's letters are neither UTF-8 nor UTF-16 with its mark nor Windows-1252: save it "
    "as CSV UTF-8, or name its encoding with --encoding."
)


@dataclass
class Sheet:
    """An open file: its header, and how it is written."""

    rows: Iterator[tuple[int, list[str]] | LineError]
    encoding: str
    separator: str
    header: list[str] = field(init=False)

    def __post_init__(self) -> None:
        first = next(self.rows, (1, []))
        if isinstance(first, LineError):
            raise Refused([first])
        self.header = [cell.strip(BLANKS) for cell in first[1]]

    def __str__(self) -> str:
        letters = ENCODINGS.get(self.encoding, self.encoding)
        return f"{letters}, separated by {SEPARATORS[self.separator]}"

    def require(self, columns: Iterable[str]) -> None:
        """Raises Refused for columns that are missing, or stand twice."""
        counted = Counter(self.header)
        missing = [column for column in columns if not counted[column]]
        double = [column for column, count in counted.items() if column and count > 1]
        errors = [LineError(1, column, "This column is missing.") for column in missing]
        errors += [LineError(1, column, "This column stands twice.") for column in double]
        if errors:
            raise Refused(errors)

    def lines(self) -> Iterator[Line | Refused]:
        """The lines with something in them; Refused for what is no line."""
        for row in self.rows:
            if isinstance(row, LineError):
                yield Refused([row])
            elif any(cell.strip() for cell in row[1]):
                yield self.line(*row)

    def line(self, number: int, cells: list[str]) -> Line:
        named = dict(zip(self.header, cells, strict=False))
        line = Line(number, named, decimal_comma=self.separator != ",")
        line.errors = [*self.mistakes(number, cells)]
        return line

    def mistakes(self, number: int, cells: list[str]) -> Iterator[LineError]:
        """What is wrong whatever the columns mean."""
        names, known = [*self.header, *[""] * len(cells)], len(self.header)
        if len(cells) > known:
            yield LineError(
                number,
                "",
                f"It has {len(cells)} cells, and the header has {known}: put a text that holds "
                f"{SEPARATORS[self.separator]} in quotes.",
            )
        for name, cell in zip(names, cells, strict=False):
            if "\0" in cell:
                yield LineError(number, name, "There is a NUL character in it.")
            if len(cell) > MOST_LETTERS:
                yield LineError(
                    number, name, f"It has {len(cell)} letters, and {MOST_LETTERS} are the limit."
                )


@contextmanager
def open_sheet(path: Path, encoding: str = "") -> Iterator[Sheet]:
    """The file as a table, its encoding (unless told) and separator found out. Raises Refused."""
    encoding = encoding or find_encoding(path)
    try:
        with path.open(newline="", encoding=encoding) as file:
            separator, first, lines = find_separator(file)
            yield Sheet(read_rows(lines, separator, first), encoding, separator)
    except UnicodeError as error:
        raise Refused([LineError(0, "", f"The file cannot be read as {encoding}.")]) from error


def find_encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if start in WORKBOOKS:
        raise Refused([LineError(0, "", "This is a workbook: save its sheet as CSV UTF-8.")])
    marked = next((encoding for mark, encoding in MARKS if start.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "cp1252"]:
        if is_written_in(path, encoding):
            return encoding
    raise Refused([LineError(0, "", UNREADABLE)])


def is_written_in(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding) as file:
            while file.read(1 << 20):
                pass
    except UnicodeError:
        return False
    return True


def find_separator(file: TextIO) -> tuple[str, int, Iterable[str]]:
    """The separator, the header's line number, and the lines from there on.

    It is the one that makes most columns of the header. Excel may say it in a line before.
    """
    number, line = 1, file.readline()
    while line and not line.strip():
        number, line = number + 1, file.readline()
    if told := TOLD.fullmatch(line):
        return told[1], number + 1, file
    columns = {sep: len(next(csv.reader([line], delimiter=sep), ())) for sep in SEPARATORS}
    return max(columns, key=lambda sep: columns[sep]), number, chain([line], file)


def read_rows(
    lines: Iterable[str], separator: str, first: int = 1
) -> Iterator[tuple[int, list[str]] | LineError]:
    """Each row with the number of its first line, the lines counted from `first` on."""
    csv.field_size_limit(PARSED_LETTERS)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        number = reader.line_num + first
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield LineError(number, "", explain(error))


def explain(error: csv.Error) -> str:
    """What csv's own words mean for whoever wrote the file."""
    words = str(error)
    if "unexpected end" in words:
        return "A quote opens in it that is never closed: all that follows was taken for text."
    if "field larger" in words:
        return (
            f"A cell has over {PARSED_LETTERS} letters, and {MOST_LETTERS} are the limit: "
            "does a quote open in it that is never closed?"
        )
    if "expected after" in words:
        return "There is text after a closing quote: double the quotes that belong to a text."
    return f"It cannot be read: {words}."
