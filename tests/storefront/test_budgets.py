"""What a page weighs and how it settles. kB are 1,000 bytes, each file gzipped alone."""

import gzip
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Response

from tests.storefront.conftest import PHONE
from tests.storefront.visits import MUG, Visit

#: The most of script a page may have, by its path.
SCRIPT = {
    "/": 16_000,
    "/categories/kitchen/": 16_000,
    "/products/harbour-mug/": 23_000,
    "/search/?q=mug": 16_000,
    "/cart/": 17_000,
    "/checkout/": 17_000,
    "/order/": 16_000,
    "/account/": 16_000,
}
ALL, FONT, STYLE, INSIDE, ONE_MORE = 60_000, 17_000, 14_000, 8_000, 8_000
SHIFTS = """() => {
  window.shifted = [];
  new PerformanceObserver(list => {
    for (const each of list.getEntries()) for (const source of each.sources)
      window.shifted.push(`${source.node?.outerHTML?.slice(0, 120) ?? source.node?.textContent}
        ${JSON.stringify(source.previousRect)} ${JSON.stringify(source.currentRect)}`);
  }).observe({type: "layout-shift", buffered: true});
}"""


def zipped(content: bytes) -> int:
    return len(gzip.compress(content, 9))


class Scales:
    """What a tab fetches, by kind, pictures apart."""

    def __init__(self, visit: Visit):
        self.answers: list[Response] = []
        visit.page.on("response", self.note)

    def note(self, answer: Response) -> None:
        if answer.request.is_navigation_request():
            self.answers.clear()  # those of the page before
        self.answers.append(answer)

    def weigh(self) -> dict[str, int]:
        weights: dict[str, int] = {}
        for answer in self.answers:
            kind = answer.request.resource_type
            if kind != "image" and answer.ok:
                content = answer.body()
                font = kind == "font"  # compressed as it is
                weights[kind] = weights.get(kind, 0) + (len(content) if font else zipped(content))
        return weights


@pytest.mark.parametrize("path", SCRIPT)
def test_a_page_weighs_little(visits: Callable[..., Visit], path: str) -> None:
    visit = visits(viewport=PHONE)
    if path in ("/cart/", "/checkout/"):
        visit.put_into_cart("harbour-mug", MUG)
        stored = visit.page.context.storage_state()
        visit = visits(viewport=PHONE, storage_state=stored)  # another browser: nothing is cached
    scales = Scales(visit)
    visit.open(path)
    visit.page.wait_for_load_state("networkidle")
    weights = scales.weigh()
    inside = re.search(r"<style>(.*?)</style>", visit.page.content(), re.DOTALL)
    assert inside is not None
    assert zipped(inside[1].encode()) <= INSIDE
    assert weights["stylesheet"] + zipped(inside[1].encode()) <= STYLE
    assert weights["script"] <= SCRIPT[path]
    assert weights["font"] <= FONT
    assert sum(weights.values()) <= ALL


def test_from_a_category_to_a_product(visits: Callable[..., Visit]) -> None:
    visit = visits(viewport=PHONE)
    visit.open("/categories/mugs-and-cups/")
    visit.page.wait_for_load_state("networkidle")
    scales = Scales(visit)
    visit.page.locator("[data-slug=harbour-mug] a").click()
    visit.page.wait_for_load_state("networkidle")
    fetched = set(visit.page.evaluate(FETCHED)) | {visit.page.url}
    fresh = [answer for answer in scales.answers if answer.url in fetched]
    paths = [urlsplit(answer.url).path for answer in fresh]
    assert paths == ["/products/harbour-mug/", "/api/v1/products/harbour-mug/"]
    assert sum(zipped(answer.body()) for answer in fresh) <= ONE_MORE


#: Of pictures apart, what came over the line and not from the browser's own store.
FETCHED = """() => performance.getEntriesByType("resource")
  .filter(each => each.transferSize && each.initiatorType !== "img").map(each => each.name)"""


@pytest.mark.parametrize("path", ["/", "/categories/kitchen/", "/products/harbour-mug/",
                                  "/products/harbour-mug/?variant=HARB-MUG-RUST", "/account/",
                                  "/search/?q=mug", "/cart/", "/checkout/", "/order/"])  # fmt: skip
@pytest.mark.parametrize("width", [360, 1366])
def test_nothing_moves(visits: Callable[..., Visit], path: str, width: int) -> None:
    visit = visits(viewport={"width": width, "height": 740})
    if path in ("/cart/", "/checkout/"):
        visit.put_into_cart("harbour-mug", MUG)
    visit.page.add_init_script(f"({SHIFTS})()")
    visit.open(path)
    visit.page.wait_for_load_state("networkidle")
    assert visit.page.evaluate("window.shifted") == []


def test_pictures_are_as_large_as_drawn(visits: Callable[..., Visit]) -> None:
    """`sizes` is within 10 % of the width; one picture is hurried for; none in view is lazy."""
    for width in (360, 768, 1024, 1366):
        visit = visits(viewport={"width": width, "height": 740})
        for path in ("/categories/kitchen/", "/products/harbour-mug/"):
            visit.open(path)
            visit.page.wait_for_load_state("networkidle")
            wrong = visit.page.evaluate(WRONG_SIZES)
            assert (width, path, wrong) == (width, path, [])
            assert visit.page.locator("img[fetchpriority=high]").count() == 1


WRONG_SIZES = """() => [...document.querySelectorAll("main .tile > img[sizes]")]
  .filter(each => each.checkVisibility())
  .map(each => {
    const probe = document.createElement("div");
    const box = each.getBoundingClientRect();
    const rule = each.sizes.split(/,(?![^(]*[)])/).map(part => part.trim()).find(part => {
      const query = part.match(/^([(][^)]*[)]) (.*)$/);
      return !query || matchMedia(query[1]).matches;
    });
    probe.style.width = rule.replace(/^[(][^)]*[)] /, "");
    document.body.append(probe);
    const said = probe.getBoundingClientRect().width;
    probe.remove();
    const lazy = box.top < innerHeight * .8 && each.loading === "lazy";
    const off = Math.abs(said / box.width - 1) > .1;
    return off || lazy ? `${rule}: ${said}, not ${box.width}${lazy ? " lazy" : ""}` : null;
  })
  .filter(Boolean)"""
