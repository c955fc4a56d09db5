"""Without a line, and back again: what was seen is there, and nothing is claimed."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from storefront.assets import WORKER
from storefront.texts import LANGUAGES
from tests.endtoend.deployment import Deployment
from tests.storefront.conftest import launch
from tests.storefront.test_nasty import orders_of
from tests.storefront.test_purchase import someone
from tests.storefront.visits import MUG, Visit

READY = "() => navigator.serviceWorker.ready.then(() => true)"
SEEN = """async () => {
  const seen = await caches.open("seen");
  return (await seen.keys()).map(each => new URL(each.url).pathname).sort();
}"""


@pytest.fixture
def service_workers() -> str:
    return "allow"


def test_seen_pages_and_the_cart_are_there_offline(visit: Visit, shop: Deployment) -> None:
    page, email = visit.page, someone()
    visit.expects_refusals()
    visit.open("/categories/kitchen/")
    assert page.evaluate(READY)
    visit.put_into_cart("harbour-mug", MUG, 2)
    visit.open("/cart/")
    expect(page.locator(".line")).to_be_visible()
    visit.open_checkout()
    visit.fill(email)
    page.context.set_offline(True)

    page.click("#pay")
    expect(page.locator("#failure")).to_contain_text("You are offline. Nothing is lost")
    visit.open("/cart/")
    expect(page.locator("#cart")).to_contain_text("This was in it when it was last seen:")
    expect(page.locator(".line")).to_contain_text("Harbour Mug")
    expect(page.locator("#cart .total").last).to_have_text("€33.90")
    visit.open("/products/harbour-mug/?variant=HARB-MUG-RUST")
    expect(page.locator("h1")).to_have_text("Harbour Mug")
    expect(page.locator("#stock")).to_contain_text("You are offline.")
    expect(page.get_by_role("radio", name="Rust")).to_be_disabled()
    page.click("#add")
    expect(page.locator("#buy-error")).to_contain_text("You are offline.")
    page.context.set_offline(False)
    expect(page.locator("#stock")).to_contain_text("in stock")
    expect(page.get_by_role("radio", name="Rust")).to_be_checked()
    page.context.set_offline(True)
    visit.open("/categories/kitchen/")
    expect(page.locator("[data-slug=harbour-mug]")).to_be_visible()
    expect(page.locator("#live")).to_contain_text("You are offline.")

    page.context.set_offline(False)
    visit.open("/cart/")
    expect(page.locator("#remove-HARB-MUG-INKBLU")).to_be_visible()
    assert orders_of(shop, email) == []


def test_only_what_is_everybody_s_is_kept(visit: Visit) -> None:
    """The admin's pages and the API's answers are not; nor is what there is not."""
    visit.expects_refusals()
    visit.open("/products/")
    assert visit.page.evaluate(READY)
    for path in (
        "/products/harbour-mug/",
        "/nowhere/",
        "/admin/login/",
        "/api/v1/products/",
        "/de/",
    ):
        visit.open(path)
    visit.page.wait_for_function(f"async () => (await ({SEEN})()).length >= 3")
    assert visit.page.evaluate(SEEN) == ["/de/", "/products/", "/products/harbour-mug/"]


def test_what_was_never_seen_says_that_there_is_no_line(visits: Callable[..., Visit]) -> None:
    """In the language of the page, and with a way to what was seen."""
    for language, root, title in (
        ("en-US", "/", "You are offline"),
        ("de-DE", "/de/", "Sie sind offline"),
    ):
        visit = visits(locale=language)
        page = visit.page
        visit.expects_refusals()
        visit.open(f"{root}products/")
        assert page.evaluate(READY)
        page.wait_for_function(f"async () => await caches.match('{root}offline.html')")
        page.context.set_offline(True)
        visit.open(f"{root}categories/plants/?from=mail")
        expect(page.locator("h1")).to_have_text(title)
        page.locator(f"main a[href='{root}products/']").click()
        expect(page.locator("[data-slug=harbour-mug]")).to_be_visible()


def test_the_worker_knows_every_language() -> None:
    roots = "".join(f'"{each}/", ' for each in LANGUAGES[1:]).rstrip(", ")
    assert f'const ROOTS = ["", {roots}]' in WORKER.read_text()


@pytest.fixture
def keeping(playwright: Playwright) -> Iterator[BrowserContext]:
    """Of a browser that keeps left pages as they were, which Playwright forbids otherwise."""
    browser = launch(playwright, ignore_default_args=["--disable-back-forward-cache"])
    yield browser.new_context(locale="en-US")
    browser.close()


@pytest.mark.parametrize("path", ["/categories/kitchen/", "/products/harbour-mug/", "/cart/"])
def test_back_shows_the_page_as_it_was_left(
    keeping: BrowserContext, visits: Callable[..., Visit], path: str
) -> None:
    """From the browser's memory: nothing on these pages forbids it."""
    visit = visits(context=keeping)
    page = visit.page
    visit.open(path)
    page.wait_for_load_state("networkidle")
    page.evaluate("() => { window.left = 1; }")
    page.locator("footer a").first.click()
    page.wait_for_url(lambda url: not url.endswith(path))
    page.wait_for_load_state("networkidle")
    page.evaluate("() => history.back()")
    page.wait_for_url(f"**{path}", wait_until="commit")
    assert page.evaluate("() => window.left") == 1
