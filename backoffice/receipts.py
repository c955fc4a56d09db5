"""One submission counts once, however often it arrives.

Whatever is saved gets an entry in the admin's history, in the same transaction. The entry's
primary key is made of what arrived: the person, the page's number and all that was typed. So
the entry is the receipt: a second arrival finds it, and two at once cannot both insert it.
It costs no write of its own, of which a large product has none left.

Typed again on another page, or something else on the same page, is another submission.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest

from backoffice.pages import read_page

IDS = 2**53 - 1  # as the engine's own: safe in JavaScript
UNSAID = ("_", "csrfmiddlewaretoken", "initial-")  # buttons, and what no person typed


def receipt_of(request: HttpRequest, *parts: Any) -> int | None:
    """The primary key of the history's entry for this submission, or for a part of it.

    `parts` say which, and what was typed there; without any it is all that arrived. None
    if the page has no number: then each arrival counts.
    """
    page = read_page(request)
    if page is None:
        return None
    said = [request.user.pk, request.path_info, page.number, *(parts or typed(request))]
    digest = hashlib.sha256(json.dumps(said, default=str).encode()).digest()
    return 1 + int.from_bytes(digest[:8]) % IDS


def typed(request: HttpRequest, prefix: str = "") -> list[Any]:
    """What arrived in the fields that begin so, and the files by name and size."""
    fields = [
        (name.removeprefix(prefix), values)
        for name, values in sorted(request.POST.lists())
        if name.startswith(prefix) and not name.startswith(UNSAID)
    ]
    files = [
        (name, [(each.name, each.size) for each in each_file])
        for name, each_file in sorted(request.FILES.lists())
        if name.startswith(prefix)
    ]
    return [fields, files]


def find_entry(receipt: int | None) -> LogEntry | None:
    """The history's entry of a submission that was applied."""
    return None if receipt is None else LogEntry.objects.filter(pk=receipt).first()


@contextmanager
def giving(request: Any, receipt: int | None) -> Iterator[None]:
    """In the block, what is written to the history is the receipt."""
    request.receipt = receipt
    try:
        yield
    finally:
        request.receipt = None


def write_entry(request: Any, obj: Any, flag: int, message: Any) -> LogEntry:
    """An entry of the history. Raises IntegrityError if the submission has one."""
    entry = LogEntry(
        pk=getattr(request, "receipt", None),
        user_id=request.user.pk,
        content_type=ContentType.objects.get_for_model(obj, for_concrete_model=False),
        object_id=str(obj.pk),
        object_repr=str(obj)[:200],
        action_flag=flag,
        change_message=json.dumps(message) if isinstance(message, list) else message,
    )
    entry.save(force_insert=True)
    return entry
