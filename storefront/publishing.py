"""The pages as files: what is new or different is written, what has no page any more removed."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import orjson
from django.conf import settings
from django.utils import translation

from catalog import selectors
from catalog.errors import ProductNotFound
from catalog.selectors import Shelved
from storefront import assets, pages
from storefront.names import by_beginning
from storefront.pages import Page
from storefront.places import INDEX, File, Place
from storefront.rendering import public, render, root_of
from storefront.spoken import Card, Node, spoken_cards
from storefront.texts import LANGUAGES

HTML, JSON = "text/html; charset=utf-8", "application/json"
AT_ONCE = 16  # uploads
ATTEMPTS = 5  # of a shop that changes while it is rendered
#: What this module makes; other files in the bucket are not its own.
OURS = ("products/", "categories/", "names/", *(f"{each}/" for each in LANGUAGES[1:]))


@dataclass
class Done:
    """`is_current`: nothing has changed while the last pages were made."""

    pages: int = 0
    written: int = 0
    removed: int = 0
    is_current: bool = False


def publish(place: Place, tell: Callable[[], object] = lambda: None) -> Done:
    """Bring all files there up to date, again if something changes meanwhile. `tell` is called
    for each."""
    done = Done()
    for _ in range(ATTEMPTS):
        mark = place.mark()
        write_all(place, done, tell)
        if place.mark() == mark:
            done.is_current = True
            break
    return done


def write_all(place: Place, done: Done, tell: Callable[[], object]) -> None:
    """Assets first, since pages name them, and those of earlier versions stay for pages that are
    open; what has no page any more goes last."""
    known, made = place.known(), set[str]()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for batch in (asset_files(), site_files()):
            writes = []
            for file in batch:
                made.add(file.key)
                tell()
                if known.get(file.key) != file.digest:
                    writes.append(pool.submit(place.write, file))
            for each in writes:
                each.result()
            done.written += len(writes)
    gone = sorted(key for key in known if key.startswith(OURS) and key not in made)
    place.remove(gone)
    done.pages = len(made)
    done.removed += len(gone)


def asset_files() -> Iterator[File]:
    for name, path in assets.files().items():
        key = f"assets/{assets.version()}/{name}"
        yield File(key, path.read_bytes(), assets.content_type(name), assets.FOREVER)
    yield File("worker.js", assets.WORKER.read_bytes(), "text/javascript")


def site_files() -> Iterator[File]:
    """Every page and the names for the search in every language, and the map for search engines."""
    tree = selectors.get_category_tree()
    rows = list(pages.all_listings())
    listed: list[str] = []
    for page in all_pages(tree, rows):
        for language in LANGUAGES:
            yield File(key_of(page.path, language), render(page, language, tree).encode(), HTML)
        if page.is_listed:
            listed.append(page.path)
    for language in LANGUAGES:
        for letters, found in names_of(rows, language).items():
            key = key_of(f"names/{letters}.json", language)
            yield File(key, orjson.dumps(found), JSON)
    if settings.PUBLIC_URL:
        yield File("sitemap.xml", site_map(listed).encode(), "application/xml")


def names_of(rows: Iterable[Shelved], language: str) -> dict[str, list[Card]]:
    """The cards by the first letters of what they are called in the language."""
    with translation.override(language):
        return by_beginning(spoken_cards(rows))


def all_pages(tree: list[Node], rows: Iterable[Shelved]) -> Iterator[Page]:
    yield pages.home_page()
    yield from pages.whole_list(pages.list_page)
    for node in pages.all_nodes(tree):
        yield from pages.whole_list(partial(pages.category_page, tree, node["slug"]))
    for row in rows:
        with suppress(ProductNotFound):  # withdrawn meanwhile
            yield pages.product_page(row.card["slug"])
    for kind in pages.FIXED:
        yield pages.fixed_page(kind)


def key_of(path: str, language: str) -> str:
    """CloudFront asks for `index.html` in place of the root alone: other pages end in a slash."""
    below = "" if language == LANGUAGES[0] else f"{language}/"
    return f"{below}{path}" or INDEX


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
