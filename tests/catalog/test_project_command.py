"""`manage.py project`, and a new format: what is behind is made anew, and nothing else."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from catalog.events import ProjectionsOutdated
from catalog.models import (
    Listing,
    Product,
    ProductPage,
    Publication,
)
from catalog.projections import projecting
from outbox.services import emit

pytestmark = pytest.mark.django_db(transaction=True)


def project(*args: str) -> str:
    out = StringIO()
    call_command("project", *args, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_what_is_behind_is_made_anew(make_product: Callable[..., Product]) -> None:
    """A format of before, and what is missing; nothing else."""
    mug, cup, pan = (make_product(name) for name in ("Mug", "Cup", "Pan"))
    assert project() == "0 made anew.\n"
    Publication.objects.filter(pk=mug.pk).update(format=0)
    Publication.objects.filter(pk=cup.pk).delete()
    Listing.objects.filter(position=cup.pk).delete()
    ProductPage.objects.filter(pk__in=["mug", "pan"]).delete()
    assert project() == "2 made anew.\n"
    assert {page.pk for page in ProductPage.objects.all()} == {"mug", "cup"}
    assert project("--product", "pan") == "1 made anew.\n"
    assert ProductPage.objects.get(pk="pan").product_id == pan.pk
    Listing.objects.all().delete()
    assert project("--all") == "3 made anew.\n"
    assert Listing.objects.count() == 9


def test_a_product_that_there_is_not(db: None) -> None:
    with pytest.raises(CommandError, match=r"There is no product pan\."):
        project("--product", "pan")


def test_a_new_format_makes_all_anew_page_by_page(
    make_product: Callable[..., Product],
    republish: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("catalog.services.republishing.PAGE", 2)
    for name in ("Mug", "Cup", "Pan"):
        make_product(name)
    monkeypatch.setattr(projecting, "FORMAT", 7)
    with transaction.atomic():
        emit(ProjectionsOutdated())
    assert republish() == 2
    assert {each.format for each in Publication.objects.all()} == {7}
