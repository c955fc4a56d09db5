"""The note of what is published, where it may no longer be believed.

A projection writes the documents whose digests are not the noted ones. What was written over since
the note was made has to be written again, also by a version that has it as it was then.
"""

from collections.abc import Collection, Iterable

from catalog.models import PagePart, Publication
from dynamodb.errors import ConflictError


def hold_note(published: Publication) -> None:
    """It is as it was read when this transaction commits. Raises ConflictError if it is not now."""
    if published._state.adding:
        return
    stored = Publication.objects.select_for_update().filter(pk=published.pk).first()
    read = (published.version, published.counted)
    if stored is None or (stored.version, stored.counted) != read:
        raise ConflictError("Another has published it, or counted its stock, meanwhile.")


def note_ahead(published: Publication, slug: str, places: Iterable[int]) -> None:
    """Parts are written in this transaction, and their page in a later one: whoever dies in between
    may be followed by a version that has them as they were before, has fewer, or another slug."""
    hold_note(published)
    if slug == published.slug:
        forget(published, set(places))
        return
    if published.ahead != slug:
        drop_ahead(published)
    published.ahead = slug
    store(published)


def drop_ahead(published: Publication, *, beyond: int = 0) -> None:
    """Take away parts, from this number on, that were written ahead of a page."""
    if published.ahead:
        ahead = PagePart.objects.filter(slug=published.ahead, product_id=published.pk)
        ahead.filter(number__gt=beyond).delete()


def forget_all(product_id: int) -> None:
    """Another product has the slug now, and has written over page or parts. What customers read of
    this one is behind, and it may have the slug again before it follows."""
    published = Publication.objects.filter(pk=product_id).first()
    if published is not None and any(published.digests):
        forget(published, range(len(published.digests)))


def forget(published: Publication, places: Collection[int]) -> None:
    """Places beyond the noted ones are noted, so that they are taken away again."""
    known = published.digests + [""] * (max(places) + 1 - len(published.digests))
    published.digests = ["" if place in places else digest for place, digest in enumerate(known)]
    store(published)


def store(published: Publication) -> None:
    published.counted += 1
    if published._state.adding:
        published.save(force_insert=True)
    else:
        published.save(update_fields=["ahead", "counted", "digests"])
