"""What stands twice in a file, told with all its lines. Nobody knows which of them is meant, so
none of them is written."""

from collections.abc import Iterable, Iterator

from catalog.importing.drafts import CategoryDraft, LineError, ProductDraft, Refused
from catalog.importing.reports import name_lines

Draft = CategoryDraft | ProductDraft
#: The lines of each name that has several: by the model's field and the name.
Repeated = dict[tuple[str, str], list[int]]


def find_repeated(drafts: Iterable[Draft | Refused]) -> Repeated:
    """Of a whole file: of two, the first to be written must know of the other."""
    first: dict[tuple[str, str], int] = {}
    repeated: Repeated = {}
    for draft in drafts:
        for name, line in [] if isinstance(draft, Refused) else names_in(draft):
            before = first.setdefault(name, line)
            if before != line:
                repeated.setdefault(name, [before]).append(line)
    return repeated


def errors_of(draft: Draft, repeated: Repeated) -> Iterator[LineError]:
    """A sentence for each name in the draft that other lines have too."""
    for name, line in names_in(draft):
        others = sorted(each for each in repeated.get(name, ()) if each != line)
        if others:
            field, text = name
            sentence = f"{text} stands on {name_lines(others)} too: {reason(draft, field)}."
            yield LineError(line, draft.column(field), sentence)


def names_in(draft: Draft) -> Iterator[tuple[tuple[str, str], int]]:
    """What nothing else in the file may be called, and its line."""
    if draft.slug:
        yield ("slug", draft.slug), draft.line
    for variant in draft.variants if isinstance(draft, ProductDraft) else ():
        if variant.sku:
            yield ("sku", variant.sku), variant.line


def reason(draft: Draft, field: str) -> str:
    if isinstance(draft, CategoryDraft):
        return "a category has one line"
    return "a SKU is one variant's" if field == "sku" else "put the lines of a product together"
