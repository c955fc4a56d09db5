"""A whole file: every line tried, every mistake told, the rest imported."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from catalog.importing.drafts import CategoryDraft, LineError, Refused
from catalog.importing.reading import read_categories, read_products
from catalog.importing.saving import Outcome, import_category, import_product

Draft = TypeVar("Draft")


@dataclass
class Report:
    """What became of a file's entries."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    errors: list[LineError] = field(default_factory=list)

    def __str__(self) -> str:
        return ", ".join(f"{self.outcomes[outcome]} {outcome.value}" for outcome in Outcome)


def import_categories_file(path: Path, *, dry_run: bool = False) -> tuple[Report, set[str]]:
    """Import categories; also returns the slugs that the file names."""
    slugs: set[str] = set()

    def save(draft: CategoryDraft) -> Outcome:
        outcome = import_category(draft, dry_run=dry_run, expected=slugs if dry_run else ())
        slugs.add(draft.slug)
        return outcome

    with path.open(newline="", encoding="utf-8-sig") as file:
        return run_import("categories", read_categories(file), save), slugs


def import_products_file(
    path: Path,
    *,
    images: Path | None = None,
    dry_run: bool = False,
    expected: Iterable[str] = (),
) -> Report:
    """Import products, each in its own transaction."""
    known = set(expected) if dry_run else set()
    with path.open(newline="", encoding="utf-8-sig") as file:
        return run_import(
            "products",
            read_products(file),
            lambda draft: import_product(draft, images=images, dry_run=dry_run, expected=known),
        )


def run_import(
    title: str, drafts: Iterable[Draft | Refused], save: Callable[[Draft], Outcome]
) -> Report:
    report = Report()
    try:
        # The bar is on stderr, and only where someone watches.
        for draft in tqdm(drafts, desc=title, unit="", disable=None):
            try:
                if isinstance(draft, Refused):
                    raise draft
                report.outcomes[save(draft)] += 1
            except Refused as refused:
                report.errors += refused.errors
    except Refused as header:
        report.errors += header.errors
    return report
