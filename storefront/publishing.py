"""The pages as files: what is new or different is written, what has no page any more is removed."""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import orjson
from django.conf import settings

from catalog import selectors
from storefront import assets, pages
from storefront.names import by_beginning
from storefront.pages import Card, Node, Page
from storefront.rendering import public, render, root_of
from storefront.texts import LANGUAGES

A_MINUTE = "public, max-age=60"
HTML, JSON = "text/html; charset=utf-8", "application/json"
#: Where a browser asks for a folder, and what the file is called in a bucket that has none.
INDEX = "index.html"
AT_ONCE = 16  # uploads
#: What this module makes; other files in the bucket are not its own.
OURS = ("products/", "categories/", "names/", *(f"{each}/" for each in LANGUAGES[1:]))


@dataclass(frozen=True)
class File:
    """A file of the site by its key, which is its path."""

    key: str
    content: bytes
    kind: str
    caching: str = A_MINUTE

    @property
    def digest(self) -> str:
        """MD5, as S3 names the content of an object."""
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()


class Place(Protocol):
    """Where the files are kept."""

    def known(self) -> dict[str, str]:
        """The digests of what is there, by key."""

    def write(self, file: File) -> None: ...

    def remove(self, keys: list[str]) -> None: ...


@dataclass
class Done:
    pages: int = 0
    written: int = 0
    removed: int = 0


def publish(place: Place, tell: Callable[[], object] = lambda: None) -> Done:
    """Bring all files there up to date. `tell` is called for each.

    Assets first, since pages name them; those of earlier versions stay for a day's open pages,
    and what has no page any more goes last.
    """
    known, made, done = place.known(), set[str](), Done()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for batch in (asset_files(), site_files()):
            writes = []
            for file in batch:
                made.add(file.key)
                done.pages += 1
                tell()
                if known.get(file.key) != file.digest:
                    writes.append(pool.submit(place.write, file))
            for each in writes:
                each.result()
            done.written += len(writes)
    gone = sorted(key for key in known if key.startswith(OURS) and key not in made)
    place.remove(gone)
    done.removed = len(gone)
    return done


def asset_files() -> Iterator[File]:
    for name, path in assets.files().items():
        key = f"assets/{assets.version()}/{name}"
        yield File(key, path.read_bytes(), assets.content_type(name), assets.FOREVER)


def site_files() -> Iterator[File]:
    """Every page in every language, the names for the search, and the map for search engines."""
    tree = selectors.get_category_tree()
    cards = list(pages.all_cards())
    listed: list[str] = []
    for page in all_pages(tree, cards):
        for language in LANGUAGES:
            key = key_of(page, language)
            yield File(key, render(page, language, tree).encode(), HTML)
        if page.is_listed:
            listed.append(page.path)
    for letters, found in by_beginning(cards).items():
        yield File(f"names/{letters}.json", orjson.dumps(found), JSON)
    if settings.PUBLIC_URL:
        yield File("sitemap.xml", site_map(listed).encode(), "application/xml")


def all_pages(tree: list[Node], cards: list[Card]) -> Iterator[Page]:
    yield pages.home_page()
    yield from pages.whole_list(pages.list_page)
    for node in pages.all_nodes(tree):
        yield from pages.whole_list(partial(pages.category_page, tree, node["slug"]))
    for card in cards:
        yield pages.product_page(card["slug"])
    for kind in pages.FIXED:
        yield pages.fixed_page(kind)


def key_of(page: Page, language: str) -> str:
    """CloudFront asks for `index.html` in place of the root alone: other pages end in a slash."""
    below = "" if language == LANGUAGES[0] else f"{language}/"
    return f"{below}{page.path}" or INDEX


def site_map(paths: list[str]) -> str:
    """https://www.sitemaps.org/protocol.html, each page with its languages."""
    entries = []
    for path in paths:
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{each}" href="{address_of(path, each)}"/>'
            for each in LANGUAGES
        )
        entries += [f"<url><loc>{address_of(path, each)}</loc>{others}</url>" for each in LANGUAGES]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:xhtml="http://www.w3.org/1999/xhtml">' + "\n".join(entries) + "</urlset>\n"
    )


def address_of(path: str, language: str) -> str:
    return public(root_of(language) + path)


class Folder:
    """A folder on this machine: a page that ends in a slash is the index.html below it."""

    def __init__(self, root: Path):
        self.root = root

    def path(self, key: str) -> Path:
        return self.root / (f"{key}{INDEX}" if key.endswith("/") else key)

    def known(self) -> dict[str, str]:
        found = (path for path in self.root.rglob("*") if path.is_file())
        return {self.key(path): File("", path.read_bytes(), "").digest for path in found}

    def key(self, path: Path) -> str:
        name = path.relative_to(self.root).as_posix()
        return name if name == INDEX else name.removesuffix(INDEX)

    def write(self, file: File) -> None:
        path = self.path(file.key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)

    def remove(self, keys: list[str]) -> None:
        for key in keys:
            self.path(key).unlink()


class Bucket:
    """A bucket of S3."""

    def __init__(self, name: str):
        import boto3  # with the first rendering: it takes a tenth of a second

        self.name, self.s3 = name, boto3.client("s3", region_name=settings.AWS_REGION)

    def known(self) -> dict[str, str]:
        pages: Any = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        return {
            each["Key"]: each["ETag"].strip('"')
            for page in pages
            for each in page.get("Contents", ())
        }

    def write(self, file: File) -> None:
        self.s3.put_object(
            Bucket=self.name,
            Key=file.key,
            Body=file.content,
            ContentType=file.kind,
            CacheControl=file.caching,
        )

    def remove(self, keys: list[str]) -> None:
        for start in range(0, len(keys), 1000):  # S3's most in a call
            objects = [{"Key": key} for key in keys[start : start + 1000]]
            self.s3.delete_objects(Bucket=self.name, Delete={"Objects": objects, "Quiet": True})
