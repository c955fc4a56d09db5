"""What an imported product's variants must be to each other, told by where each of them stands."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from catalog.importing.drafts import ProductDraft
from catalog.models import Variant
from catalog.models.product import MAX_VARIANTS
from catalog.rules import check_options, listed

IN_THE_SHOP = "in the shop already"
KEPT = "What a file does not name stays: name it too, or change it in the admin."


def contradictions(
    draft: ProductDraft, kept: Collection[Variant], unread: Collection[tuple[int, str]]
) -> Iterator[tuple[str, str]]:
    """Sentences, each with the field it is about.

    `kept` are the product's variants that the file does not name; `unread` the cells, by line
    and column, whose values are not known.
    """

    def values(field: str) -> dict[str, Any]:
        """The field's values by the variants."""
        column = draft.column(field)
        read = [row for row in draft.variants if (row.line, column) not in unread]
        named = {
            f"{row.sku or 'A variant without SKU'} (line {row.line})": getattr(row, field)
            for row in read
        }
        return named | {f"{row.sku} ({IN_THE_SHOP})": getattr(row, field) for row in kept}

    yield from (("sku", sentence) for sentence in check_number(len(draft.variants), len(kept)))
    for field, check in (("currency", check_currencies), ("options", check_options)):
        yield from ((field, explained(sentence)) for sentence in check(values(field)))


def check_number(named: int, kept: int) -> Iterator[str]:
    if (count := named + kept) > MAX_VARIANTS:
        there = f", {kept} of them {IN_THE_SHOP}" if kept else ""
        yield (
            f"A product can have {MAX_VARIANTS} variants, and this would have {count}{there}: "
            "split it into several."
        )


def check_currencies(currency_by_variant: Mapping[str, str]) -> Iterator[str]:
    first = next(iter(currency_by_variant.values()), "")
    others = [name for name, currency in currency_by_variant.items() if currency != first]
    if others:
        yield f"All variants have the same currency: it is another at {listed(others)}."


def explained(sentence: str) -> str:
    """With what to do about a variant that the file does not name."""
    return f"{sentence} {KEPT}" if f"({IN_THE_SHOP})" in sentence else sentence
