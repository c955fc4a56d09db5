"""A whole file: every line tried, every mistake told, the rest imported."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError
from tqdm import tqdm

from catalog.importing.choices import Choices
from catalog.importing.drafts import CategoryDraft, LineError, ProductDraft, Refused, SwatchDraft
from catalog.importing.filing import Filing
from catalog.importing.formats import recognise
from catalog.importing.reading import CATEGORY_COLUMNS, left_out, read_categories, read_swatches
from catalog.importing.repeated import errors_of, find_repeated
from catalog.importing.reports import Report
from catalog.importing.saving import Outcome, import_category, import_product, import_swatch
from catalog.importing.sheets import open_sheet
from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import ConflictError, TransactionTooLarge

Draft = TypeVar("Draft", CategoryDraft, SwatchDraft, ProductDraft)
Saved = tuple[Outcome, list[LineError]]

#: What concerns one entry alone, so that those after it are tried.
ENTRY_ERRORS: dict[type[Exception], str] = {
    DataError: "It is too large to store: shorten its texts.",
    TransactionTooLarge: "It is too large to store: it has too many variants and pictures.",
    ConflictError: "Others kept changing it, or its category is gone: import the file again.",
    IntegrityError: "Somebody else took its slug or a SKU a moment ago: import the file again.",
}


def import_categories_file(path: Path, *, choices: Choices) -> tuple[Report, set[str]]:
    """Import categories; also returns the slugs that the file names."""
    slugs: set[str] = set()
    dry_run = choices.dry_run

    def save(draft: CategoryDraft) -> Saved:
        expected = slugs if dry_run else ()
        against = [*errors_of(draft, repeated)]
        run = partial(import_category, draft, dry_run=dry_run, expected=expected, repeated=against)
        outcome = retry_on_conflict(run)
        slugs.add(draft.slug)
        return outcome, []

    report = Report()
    with reporting(report):
        with open_sheet(path, choices.encoding) as sheet:
            report.source = f"categories, {sheet}"
            report.notes += left_out(sheet, CATEGORY_COLUMNS)
            repeated = find_repeated(read_categories(sheet))
        with open_sheet(path, sheet.encoding) as sheet:
            run_import("categories", read_categories(sheet), save, report)
    return report, slugs


def import_swatches_file(path: Path, *, choices: Choices) -> Report:
    """Import the colours of options' values."""

    def save(draft: SwatchDraft) -> Saved:
        return retry_on_conflict(partial(import_swatch, draft, dry_run=choices.dry_run)), []

    report = Report()
    with reporting(report), open_sheet(path, choices.encoding) as sheet:
        report.source = f"swatches, {sheet}"
        run_import("swatches", read_swatches(sheet), save, report)
    return report


def import_products_file(path: Path, *, choices: Choices, expected: Collection[str] = ()) -> Report:
    """Import products, each in its own transaction, from `choices.start_line` on.

    `expected`: slugs of categories that a dry run takes for made.
    """

    def save(draft: ProductDraft) -> Saved:
        against = errors_of(draft, repeated)
        return import_product(draft, choices=choices, filing=filing, repeated=against)

    report = Report(line=choices.start_line)
    with reporting(report):
        with open_sheet(path, choices.encoding) as sheet:
            source = recognise(sheet, choices)
            report.source = f"{source.name}, {sheet}"
            report.notes += source.notes
            repeated = find_repeated(source.drafts)
        filing = Filing(choices, expected if choices.dry_run else ())
        with open_sheet(path, sheet.encoding) as sheet:
            drafts = recognise(sheet, choices).drafts
            run_import("products", drafts, save, report, start_line=choices.start_line)
    return report


@contextmanager
def reporting(report: Report) -> Iterator[None]:
    """Whatever ends the block ends up in the report."""
    try:
        yield
    except Refused as whole:
        report.errors += whole.errors
    except (Exception, KeyboardInterrupt) as error:
        report.stopped = error


def run_import(
    title: str,
    drafts: Iterable[Draft | Refused],
    save: Callable[[Draft], Saved],
    report: Report,
    *,
    start_line: int = 1,
) -> None:
    # The bar is on stderr, and only where someone watches.
    for draft in tqdm(drafts, desc=title, unit="", disable=None):
        if draft.line < start_line:
            continue
        report.line = draft.line
        try:
            outcome, notes = attempt(draft, save)
        except Refused as refused:
            report.errors += refused.errors
            report.refused += 1
            continue
        report.outcomes[outcome] += 1
        report.notes += notes


def attempt(draft: Draft | Refused, save: Callable[[Draft], Saved]) -> Saved:
    if isinstance(draft, Refused):
        raise draft
    try:
        return save(draft)
    except ValidationError as error:  # what only the saving found
        raise Refused([LineError(draft.line, "", " ".join(error.messages))]) from error
    except tuple(ENTRY_ERRORS) as error:
        sentence = next(text for kind, text in ENTRY_ERRORS.items() if isinstance(error, kind))
        raise Refused([LineError(draft.line, "", sentence)]) from error
