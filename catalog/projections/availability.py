"""What lists say of a product's stock, and which of its combinations can be had.

It stands on the card, because a list is one Query; and on the page of a product with more variants
than a page has room for. Whoever moves stock stores a message with the move, wherever what is said
can have changed; its consumer counts anew and writes what is otherwise. So a crash at any moment
leaves the message, and one that comes twice or late finds all right.

Of two who count at once the second counts again: each change of what is said raises
`Publication.counted`, and is conditional on it. A projection of a new version says what it has
counted itself. Whoever has changed what is said looks at the stock once more after the commit: who
moved it meanwhile may have found right what was said before, and written nothing.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction

from catalog.models import Listing, ProductContents, ProductPage, Publication, Stock, Variant
from catalog.projections.combinations import number_of, to_be_had
from catalog.rules import availability_of
from catalog.signals import tell_published
from dynamodb.conflicts import retry_on_conflict
from dynamodb.reads import get_many


def read_pieces(skus: list[str]) -> dict[str, int]:
    """What can be sold of each SKU: a BatchGetItem a hundred."""
    return {sku: stock.available for sku, stock in get_many({Stock: skus})[Stock].items()}


def count_availability(*, product_id: int) -> None:
    """Have lists, and the page of a large product, say what is left of it now.

    Nothing for a product that customers do not see.
    """
    while counted := retry_on_conflict(partial(attempt, product_id)):
        if to_say(read_pieces(list(counted))) == to_say(counted):
            return


def to_say(pieces: Mapping[str, int]) -> tuple[str, set[str]]:
    """What is said of so many: the word for all, and which can be had."""
    return availability_of(sum(pieces.values())), {sku for sku, left in pieces.items() if left > 0}


def attempt(product_id: int) -> Mapping[str, int]:
    """The pieces by SKU that are said now; none where nothing had to be changed."""
    with transaction.atomic(savepoint=False):
        found = get_many({Publication: [product_id], ProductContents: [product_id]})
        publication = found[Publication].get(product_id)
        contents = found[ProductContents].get(product_id)
        if publication is None or contents is None or not publication.shelves:
            return {}
        # After the publication: what was moved since then meets its condition.
        pieces = read_pieces(contents.skus)
        said = publication.card["availability"]
        word = availability_of(sum(pieces.values()))
        bits = bits_now(publication, pieces)
        if word != said:
            say(publication, word)
        if bits is not None:
            write_bits(publication, bits)
        if word == said and bits is None:
            return {}
        publication.counted += 1
        publication.save(update_fields=["card", "counted", "digests"])
        tell_published(publication.facts)
        return pieces


def say(publication: Publication, word: str) -> None:
    publication.card = {**publication.card, "availability": word}
    keys = [(shelf, publication.pk) for shelf in publication.shelves]
    get_many({Listing: keys})  # in one call, and not shelf by shelf
    for shelf, position in keys:
        Listing.objects.filter(shelf=shelf, position=position).update(card=publication.card)


def bits_now(publication: Publication, pieces: Mapping[str, int]) -> str | None:
    """Which combinations of a large product can be had, if its page says otherwise."""
    if len(publication.digests) < 2:
        return None
    page = ProductPage.objects.filter(pk=publication.slug, product_id=publication.pk).first()
    further = page.document.get("further") if page else None
    if page is None or not further or further["to_be_had"] is None:
        return None
    values = values_of(page.document)
    variants = get_many({Variant: list(pieces)})[Variant]
    try:
        numbers = {sku: number_of(each.options, values) for sku, each in variants.items()}
    except (KeyError, ValueError):
        return None  # of a newer version, whose projection counts by itself
    bits = to_be_had(numbers, pieces)
    return None if bits == further["to_be_had"] else bits


def values_of(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """The values of each option, in order, of a page."""
    return {
        option["name"]: [value["name"] for value in option["values"]]
        for option in document["options"]
    }


def write_bits(publication: Publication, bits: str) -> None:
    page = ProductPage.objects.get(pk=publication.slug)
    further = {**page.document["further"], "to_be_had": bits}
    page.document = {**page.document, "further": further}
    page.save(update_fields=["document"])
    publication.digests = ["", *publication.digests[1:]]  # no longer what it was made as
