"""The note of what is published, where it may no longer be believed.

A projection writes the documents whose digests are not the noted ones. What was written over since
the note was made has to be written again, also by a version that has it as it was then.
"""

from collections.abc import Container, Iterable

from catalog.models import Publication
from dynamodb.errors import ConflictError


def hold_note(published: Publication) -> None:
    """It is as it was read when this transaction commits. Raises ConflictError if it is not now."""
    if published._state.adding:
        return
    stored = Publication.objects.select_for_update().filter(pk=published.pk).first()
    read = (published.version, published.counted)
    if stored is None or (stored.version, stored.counted) != read:
        raise ConflictError("Another has published it, or counted its stock, meanwhile.")


def forget_parts(published: Publication, places: Iterable[int]) -> None:
    """These are written in this transaction, and the note in a later one: whoever dies in between
    may be followed by a version that has them as they were before."""
    written = set(places)
    if published._state.adding or not written:
        return
    hold_note(published)
    forget(published, written)


def forget_all(product_id: int) -> None:
    """Another product has the slug now, and has written over page or parts. What customers read of
    this one is behind, and it may have the slug again before it follows."""
    published = Publication.objects.filter(pk=product_id).first()
    if published is not None and any(published.digests):
        forget(published, range(len(published.digests)))


def forget(published: Publication, places: Container[int]) -> None:
    published.digests = [
        "" if place in places else digest for place, digest in enumerate(published.digests)
    ]
    published.counted += 1
    published.save(update_fields=["counted", "digests"])
