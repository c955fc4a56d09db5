"""The pages as files: in a folder, in a bucket, and out of it when they are old."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from catalog.models import Category, Product
from catalog.services import (
    delete_category,
    delete_product,
    publish_product,
    save_category,
    set_status,
)
from catalog.signals import published, tree_changed
from storefront import assets, pages, renewal
from storefront.names import by_beginning, words
from storefront.places import MARK, Bucket, File, Folder
from storefront.prices import written
from storefront.publishing import ATTEMPTS, publish
from tests.catalog.conftest import kitchen, make_product, mugs
from tests.local_aws import WORKER

__all__ = ["kitchen", "make_product", "mugs"]

pytestmark = pytest.mark.django_db(transaction=True)
BUCKET = f"test-{WORKER}-pages"


@pytest.fixture
def bucket() -> Iterator[Any]:
    """Of the local AWS: pages are written by many threads."""
    yield from new_bucket()


@pytest.fixture
def mocked_bucket(mocked_aws: None) -> Iterator[Any]:
    """Of moto, where one thread is all."""
    yield from new_bucket()


def new_bucket() -> Iterator[Any]:
    made = boto3.resource("s3", region_name="eu-central-1").Bucket(BUCKET)
    made.create(CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    renewal.bucket.cache_clear()
    yield made
    renewal.bucket.cache_clear()
    made.objects.delete()
    made.delete()


def test_only_what_differs_is_written(
    tmp_path: Path, make_product: Callable[..., Product], mugs: Category
) -> None:
    product = make_product("Red Mug", {"MUG-RED": "12.00"}, stock=10)
    place = Folder(tmp_path)
    first = publish(place)
    assert (first.written, first.removed) == (first.pages, 0)
    page = tmp_path / "de" / "products" / "red-mug" / "index.html"
    assert "Red Mug" in page.read_text()
    for root in (tmp_path, tmp_path / "de"):
        assert json.loads((root / "names" / "re.json").read_text())[0]["slug"] == "red-mug"
    assert (tmp_path / "assets" / assets.version() / "js" / "page.js").is_file()
    assert {"index.html", "404.html", "cart", "de"} <= {each.name for each in tmp_path.iterdir()}

    again = publish(place)
    assert (again.written, again.removed) == (0, 0)

    (tmp_path / "favicon.ico").write_bytes(b"not ours")
    set_status(product_id=product.pk, status=Product.Status.ARCHIVED)
    gone = publish(place)
    # Its page and the two words of its name, in two languages; it is off the home page and lists.
    assert not page.exists()
    assert gone.removed == 6
    assert (tmp_path / "favicon.ico").is_file()


def test_a_bucket_s_files_say_what_they_are(bucket: Any) -> None:
    place = Bucket(BUCKET)
    page = File("products/a/", b"<p>", "text/html; charset=utf-8")
    place.write(page)
    assert place.known() == {"products/a/": page.digest}
    stored = bucket.Object("products/a/").get()
    assert stored["ContentType"] == "text/html; charset=utf-8"
    assert stored["CacheControl"] == "public, max-age=60"
    place.remove(["products/a/", "was never there"])
    assert place.known() == {}


def test_a_place_must_be_named() -> None:
    with pytest.raises(CommandError, match="--to"):
        call_command("render_storefront")


@override_settings(SITE_BUCKET=BUCKET)
def test_what_a_change_makes_old_is_forgotten(bucket: Any) -> None:
    keys = ["index.html", "de/", "products/", "de/products/", "products/old/", "products/new/",
            "de/products/new/", "categories/mugs/", "products/other/", "cart/"]  # fmt: skip
    for key in keys:
        bucket.put_object(Key=key, Body=b"")
    renewal.on_published(slugs={"old", "new"}, categories=["mugs"])
    left = ["cart/", MARK, "products/other/"]
    assert sorted(each.key for each in bucket.objects.all()) == left


@override_settings(SITE_BUCKET=BUCKET)
@pytest.mark.parametrize(("changes", "is_current"), [(1, True), (2, True), (99, False)])
def test_what_changes_while_it_is_rendered_is_rendered_again(
    bucket: Any,
    make_product: Callable[..., Product],
    monkeypatch: pytest.MonkeyPatch,
    changes: int,
    is_current: bool,
) -> None:
    """GIVEN a page that was read WHEN its product changes before the page is written THEN what
    is there in the end is new: the change could not remove what was not there yet."""
    product = make_product("Mug 0", {"MUG-RED": "12.00"}, stock=10)
    read = pages.product_page
    renamed: list[str] = []

    def read_and_rename(slug: str) -> pages.Page:
        page = read(slug)
        if len(renamed) < changes:
            renamed.append(f"Mug {len(renamed) + 1}")
            product.refresh_from_db()
            product.name = renamed[-1]
            product.save()
            publish_product(product=product)
        return page

    monkeypatch.setattr(pages, "product_page", read_and_rename)
    done = publish(Bucket(BUCKET))
    page = bucket.Object("products/mug-0/").get()["Body"].read().decode()
    assert (f"<h1>{renamed[-1]}</h1>" in page, done.is_current) == (is_current, is_current)
    assert len(renamed) == min(changes, ATTEMPTS)


@override_settings(SITE_BUCKET=BUCKET)
def test_a_shop_that_never_stands_still_says_so(
    bucket: Any, make_product: Callable[..., Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = iter(range(100))
    monkeypatch.setattr(Bucket, "mark", lambda self: str(next(marks)))
    with pytest.raises(CommandError, match="changed each time"):
        call_command("render_storefront")


@override_settings(SITE_BUCKET=BUCKET)
def test_another_tree_is_on_every_page(mocked_bucket: Any) -> None:
    bucket = mocked_bucket
    old = ["index.html", "404.html", "de/", "products/a/", "de/cart/"]
    others = ["assets/0/js/page.js", "names/mu.json", "favicon.ico", "sitemap.xml"]
    for key in [*old, *others]:
        bucket.put_object(Key=key, Body=b"")
    renewal.on_tree_changed()
    assert sorted(each.key for each in bucket.objects.all()) == sorted([*others, MARK])


@override_settings(SITE_BUCKET=BUCKET)
def test_the_mark_is_left_before_pages_are_looked_for(
    mocked_bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that is written after that look is the rendering's to find: it sees the mark."""
    before: list[str] = []
    known = Bucket.known

    def look(self: Bucket) -> dict[str, str]:
        before.append(self.mark())
        return known(self)

    monkeypatch.setattr(Bucket, "known", look)
    renewal.on_tree_changed()
    assert before == [Bucket(BUCKET).mark()] and before[0]


def test_another_tree_is_told(mugs: Category) -> None:
    told: list[bool] = []

    def note(**_signal: Any) -> None:
        told.append(True)

    tree_changed.connect(note)
    try:
        mugs.name = "Cups"
        save_category(category=mugs)
        assert len(told) == 1
        empty = save_category(category=Category(name="Empty", slug="empty"))
        delete_category(category_id=empty.pk)
        assert len(told) == 3
    finally:
        tree_changed.disconnect(note)


@override_settings(SITE_BUCKET="not-there")
def test_what_was_saved_is_saved(bucket: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever S3 says: the page shows the prices of now all the same."""
    renewal.on_published(slugs={"new"}, categories=[])
    assert "stay old until they are rendered" in caplog.text


def test_names_are_found_by_their_beginnings() -> None:
    assert words("Crème brûlée-Form, 2 Stück") == ["creme", "brulee", "form", "2", "stuck"]
    card = {"name": "Écru Mug", "brand": "M&M"}
    assert by_beginning([card]) == {"ec": [card], "mu": [card]}


@pytest.mark.parametrize(
    ("amount", "currency", "english", "german"),
    [
        ("1234.50", "EUR", "€1,234.50", "1.234,50_€"),
        ("0.00", "USD", "$0.00", "0,00_$"),
        ("1200", "JPY", "¥1,200", "1.200_¥"),
        ("7.125", "KWD", "KWD_7.125", "7,125_KWD"),
        ("9.90", "CHF", "CHF_9.90", "9,90_CHF"),
    ],
)
def test_prices(amount: str, currency: str, english: str, german: str) -> None:
    money = {"amount": amount, "currency": currency}
    told = [
        written(money, language).replace("\N{NO-BREAK SPACE}", "_") for language in ("en", "de")
    ]
    assert told == [english, german]


@override_settings(SITE_BUCKET=BUCKET)
def test_a_product_that_moves_leaves_both_lists(
    monkeypatch: pytest.MonkeyPatch, make_product: Callable[..., Product], kitchen: Category
) -> None:
    """What is saved is told once it is committed, by its old address and its new one."""
    told: list[tuple[list[str], list[str]]] = []

    def note(slugs: set[str], categories: set[str], **_signal: Any) -> None:
        told.append((sorted(slugs), sorted(categories)))

    monkeypatch.setattr(renewal, "forget", lambda paths: None)
    published.connect(note)
    try:
        product = make_product("Red Mug", {"MUG-RED": "12.00"}, stock=10)
        told.clear()
        with transaction.atomic():
            product.refresh_from_db()
            product.slug, product.category = "ruby-mug", kitchen
            product.save()
            publish_product(product=product)
            assert told == []
        assert told == [(["red-mug", "ruby-mug"], ["kitchen", "mugs"])]
        with suppress(ZeroDivisionError), transaction.atomic():
            publish_product(product=Product.objects.get(pk=product.pk))
            1 / 0  # noqa: B018  rolled back: nothing is told
        assert len(told) == 1
        delete_product(product_id=product.pk)
        assert told[1:] == [(["ruby-mug"], ["kitchen"])]
    finally:
        published.disconnect(note)
