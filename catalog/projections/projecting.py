"""Bringing what customers read up to a product's version."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model

from catalog.languages import names_in
from catalog.models import (
    Listing,
    PagePart,
    Product,
    ProductPage,
    Publication,
    Variant,
)
from catalog.models.reading import ALL, shelf_of
from catalog.projections.availability import count_availability, read_pieces, to_say
from catalog.projections.documents import (
    FORMAT,
    Document,
    breadcrumbs_to,
    build_card,
    build_pages,
    build_search_text,
    place_of_picture,
)
from catalog.projections.notes import drop_ahead, forget_all, hold_note, note_ahead
from catalog.projections.snapshots import Snapshot, read_notes, take_snapshot
from catalog.rules import availability_of
from catalog.signals import tell_published
from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import ConflictError
from dynamodb.reads import get_many


class Projected(Enum):
    """What a projection found."""

    CURRENT = "current"
    WRITTEN = "written"
    WAITS = "waits"  # for a large save to be applied


AT_ONCE = 80  # copies or parts in a transaction; of parts some 40 KB each


def project_product(*, product_id: int, anew: bool = False) -> Projected:
    """Bring lists, page and variants' copies up to the product as it is; what there is no more is
    withdrawn.

    An active product with a variant is listed on the shelf "all" and on those of its category and
    all categories above; any other is on none. Only what differs is written, with `anew` all of
    it.
    """
    return retry_on_conflict(partial(attempt, product_id, anew))


def attempt(product_id: int, anew: bool) -> Projected:
    product, contents, published = read_notes(product_id)
    if product is None:
        return withdraw(published)
    if product.staged:
        return Projected.WAITS
    if contents is None or (is_current(published, product) and not anew):
        return Projected.CURRENT
    snapshot = take_snapshot(product, contents)
    Projection(snapshot, published, anew or published.format != FORMAT).write()
    # Who has moved it since it was read may have found right what was said before.
    if to_say(read_pieces(contents.skus)) != to_say(snapshot.pieces):
        count_availability(product_id=product_id)
    return Projected.WRITTEN


def is_current(published: Publication, product: Product) -> bool:
    return (published.version, published.format) == (product.version or 0, FORMAT)


def withdraw(published: Publication) -> Projected:
    """Take a product that is gone from all that customers read."""
    if published._state.adding:
        return Projected.CURRENT
    with transaction.atomic(savepoint=False):
        stored = Publication.objects.select_for_update().filter(pk=published.pk).first()
        if stored is None:
            return Projected.CURRENT
        published, before = stored, stored.facts
        for shelf in published.shelves:
            Listing.objects.filter(shelf=shelf, position=published.pk).delete()
        delete_pages(published.slug, published.pk, range(len(published.digests)))
        drop_ahead(published)
        published.delete()
        tell_published(before)
    return Projected.WRITTEN


class Projection:
    """One version of a product on its way to customers.

    What is more than a transaction holds goes first: copies and parts, which nobody looks for until
    the page names them. Lists, page and the note of both are one transaction.
    """

    def __init__(self, snapshot: Snapshot, published: Publication, anew: bool) -> None:
        self.snapshot, self.published, self.anew = snapshot, published, anew
        self.before = published.facts
        self.known = [] if published.slug != self.slug or anew else list(published.digests)
        self.documents = self.build()
        self.digests = [digest_of(document) for document in self.documents]

    @property
    def slug(self) -> str:
        """Empty for one that customers do not see."""
        return self.snapshot.product.slug if self.snapshot.is_listed else ""

    def build(self) -> list[Document]:
        if not self.slug:
            return []
        of = self.snapshot
        return build_pages(of.product, of.variants, of.images, of.colours, of.pieces)

    def write(self) -> None:
        stale = list(stale_copies(self.snapshot))
        parts = [place for place in self.changed() if place > 0]
        if len(stale) + len(parts) > AT_ONCE:
            for chunk in chunks(stale):
                self.write_together(copies=chunk)
            for chunk in chunks(parts):
                self.write_together(parts=chunk)
            stale, parts = [], []
        self.write_together(copies=stale, parts=parts, last=True)

    def write_together(
        self, *, copies: Sequence[Variant] = (), parts: Sequence[int] = (), last: bool = False
    ) -> None:
        """One transaction, at the version that was read; what it writes is read in one call."""
        card = card_for(self.snapshot) if last else {}
        rows: dict[type[Model], Iterable[Any]] = {
            Variant: [variant.pk for variant in copies],
            PagePart: [(self.slug, place + 1) for place in parts],
        }
        if last:
            rows |= self.rows_of_lists(card)
        if parts:
            rows[Publication] = [self.published.pk]
        with held_at(self.snapshot.product, rows):
            for variant in copies:
                values = copies_of(self.snapshot, variant)
                Variant.objects.filter(pk=variant.pk).update(**values)
            for place in parts:
                key = {"slug": self.slug, "number": place + 1}
                self.put(PagePart, key, document=self.documents[place])
            if last:
                self.finish(card)
            elif parts:
                note_ahead(self.published, self.slug, parts)

    def changed(self) -> list[int]:
        """Places of the documents that are not stored so."""
        known = [*self.known, *[""] * len(self.digests)]
        return [place for place, digest in enumerate(self.digests) if digest != known[place]]

    def put(self, model: type[Model], key: dict[str, Any], **values: Any) -> None:
        """Store the row, whether there is one of this key or not."""
        values["product_id"] = mine = self.published.pk
        rows = model._default_manager.filter(**key)
        owner = rows.values_list("product_id", flat=True).first()
        if owner is None:
            model._default_manager.create(**key, **values)
            return
        rows.update(**values)
        if owner != mine:
            forget_all(owner)

    def finish(self, card: Document) -> None:
        """The lists, the page, and the note of what is published, as it was read before."""
        published = self.published
        hold_note(published)
        self.write_lists(card)
        if 0 in self.changed():
            self.put(ProductPage, {"slug": self.slug}, document=self.documents[0])
        self.remove_pages()
        self.note(card)
        tell_published(self.before, published.facts)

    def shelves(self) -> list[str]:
        if not self.slug:
            return []
        links = breadcrumbs_to(self.snapshot.product.category)
        return [ALL, *(shelf_of(link["slug"]) for link in links)]

    def stale_shelves(self, card: Document) -> list[str]:
        """Those that lack the card, or have another."""
        if self.anew or card != self.published.card:
            return self.shelves()
        return [shelf for shelf in self.shelves() if shelf not in self.published.shelves]

    def left_shelves(self) -> list[str]:
        return [shelf for shelf in self.published.shelves if shelf not in self.shelves()]

    def rows_of_lists(self, card: Document) -> dict[type[Model], Iterable[Any]]:
        shelves = [*self.stale_shelves(card), *self.left_shelves()]
        return {
            Publication: [self.published.pk],
            Listing: [(shelf, self.published.pk) for shelf in shelves],
            ProductPage: [self.slug] if 0 in self.changed() else [],
        }

    def write_lists(self, card: Document) -> None:
        for shelf in self.left_shelves():
            Listing.objects.filter(shelf=shelf, position=self.published.pk).delete()
        for shelf in self.stale_shelves(card):
            self.put(Listing, {"shelf": shelf, "position": self.published.pk}, card=card)

    def remove_pages(self) -> None:
        """Those under the slug of before, and parts that the product needs no more."""
        is_ours = self.published.ahead == self.slug
        drop_ahead(self.published, beyond=len(self.documents) if is_ours else 0)
        old, had = self.published.slug, len(self.published.digests)
        first = len(self.documents) if old == self.slug else 0
        delete_pages(old, self.published.pk, range(first, had))

    def note(self, card: Document) -> None:
        of, published = self.snapshot, self.published
        published.version, published.format = of.version, FORMAT
        published.counted += 1
        published.slug, published.ahead, published.shelves = self.slug, "", self.shelves()
        published.digests, published.card = self.digests, card
        published.search_text = build_search_text(of.product, of.variants)
        published.save(force_insert=published._state.adding)


@contextmanager
def held_at(product: Product, rows: Mapping[type[Model], Iterable[Any]]) -> Iterator[None]:
    """A transaction that commits only if the product is still as it was read; `rows` are read in
    it, by key, in one call. Raises ConflictError, also where another has inserted the same."""
    try:
        with transaction.atomic(savepoint=False):
            get_many({Product: [product.pk], **rows})
            stored = Product.objects.select_for_update().filter(pk=product.pk).first()
            if stored is None or stored.version != product.version or stored.staged:
                raise ConflictError("Somebody has saved the product meanwhile.")
            yield
    except IntegrityError as error:
        raise ConflictError("Another has published it meanwhile, for the first time.") from error


def delete_pages(slug: str, product_id: int, places: range) -> None:
    """The page, at place 0, and parts of this product under a slug."""
    for place in places if slug else ():
        if place:
            PagePart.objects.filter(slug=slug, number=place + 1, product_id=product_id).delete()
        else:
            ProductPage.objects.filter(slug=slug, product_id=product_id).delete()


def copies_of(snapshot: Snapshot, variant: Variant) -> dict[str, Any]:
    """What a cart shows of a variant's product, and the variant's own picture's name."""
    place = place_of_picture(variant, snapshot.images)
    return {
        "product_name": snapshot.product.name,
        "product_names": names_in(snapshot.product.texts),
        "product_slug": snapshot.product.slug,
        "image": "" if place is None else str(snapshot.images[place].file.name),
        "for_sale": snapshot.product.is_active,
    }


def stale_copies(snapshot: Snapshot) -> Iterator[Variant]:
    for variant in snapshot.variants:
        copies = copies_of(snapshot, variant)
        if any(getattr(variant, name) != value for name, value in copies.items()):
            yield variant


def card_for(of: Snapshot) -> Document:
    word = availability_of(sum(of.pieces.get(each.sku, 0) for each in of.variants))
    return build_card(of.product, of.variants, of.images, of.colours, word)


def digest_of(document: Document) -> str:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for place in range(0, len(rows), AT_ONCE):
        yield rows[place : place + AT_ONCE]
