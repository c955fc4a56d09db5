"""Without script, by keyboard, small, in another language: the pages are still pages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.storefront.conftest import PHONE
from tests.storefront.test_purchase import someone
from tests.storefront.visits import ADDRESS, MUG, Visit


def test_without_script_all_can_be_read(visits: Callable[..., Visit]) -> None:
    visit = visits(java_script_enabled=False)
    page = visit.page
    visit.open("/")
    expect(page.locator("#newest")).to_be_visible()
    assert page.locator(".grid .card").count() == 8
    page.get_by_role("link", name="Kitchen & Table").first.click()
    page.locator("main").get_by_role("link", name="Mugs & Cups").click()
    assert sorted(page.locator(".card-name").all_inner_texts()) == [
        *("Camp Mug", "Espresso Cup", "Harbour Mug", "Morning Mug")
    ]
    page.get_by_role("link", name="Harbour Mug").click()
    expect(page.locator("h1")).to_have_text("Harbour Mug")
    expect(page.locator("#price")).to_have_text("€14.50")
    expect(page.locator("noscript .note")).to_contain_text("please switch JavaScript on")
    expect(page.locator("#buy")).to_be_hidden()
    page.get_by_text("All variants and prices").click()
    assert page.locator("#variants tbody tr").all_inner_texts() == [
        "Ink Blue\t€14.50\tHARB-MUG-INKBLU",
        "Foam White\t€14.50\tHARB-MUG-FOAMWH",
        "Rust\t€14.50\tHARB-MUG-RUST",
    ]


def test_a_whole_purchase_by_keyboard(visit: Visit) -> None:
    """By Tab, Space, Enter and typing; what has the focus is always seen."""
    page, keyboard = visit.page, visit.page.keyboard
    visit.open("/products/harbour-mug/")
    expect(page.locator("#stock")).to_contain_text("in stock")

    def tab_to(selector: str) -> None:
        for _ in range(60):
            keyboard.press("Tab")
            focused = page.locator(":focus")
            if focused.count() and focused.evaluate("(e, s) => e.matches(s)", selector):
                assert focused.evaluate(SEEN), selector
                return
        raise AssertionError(f"Tab never comes to {selector}")

    tab_to(".skip")
    keyboard.press("Enter")
    tab_to("#options input")
    keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Foam White")).to_be_focused()
    tab_to("#add")
    keyboard.press("Enter")
    expect(page.locator("#live")).to_contain_text("Harbour Mug, Foam White is in your cart.")
    expect(page.locator("#add")).to_be_focused()
    tab_to(".toast a")
    keyboard.press("Enter")
    page.wait_for_url("**/cart/")
    expect(page.locator(".summary a")).to_be_visible()
    tab_to(".summary a.button")
    keyboard.press("Enter")
    expect(page.locator("#pay")).to_contain_text("Order and pay")
    values = {"email": someone(), **ADDRESS}
    for name in ("email", "country", "name", "line1", "postal_code", "city"):
        tab_to(f"#{name}")
        keyboard.type(values.get(name, "Germany"))
    tab_to("[name=payment_method]")
    tab_to("#pay")
    keyboard.press("Enter")
    visit.number()
    visit.wait_for_status("confirmed")


#: Whether the focused element is inside of the window and nothing lies over its middle.
SEEN = """element => {
  const target = element.closest(".value") ?? element;
  const box = target.getBoundingClientRect();
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return at !== null && (target.contains(at) || at.contains(element));
}"""

PAGES = ("/", "/categories/kitchen/", "/products/harbour-mug/", "/search/?q=mug", "/cart/",
         "/checkout/", "/order/", "/account/", "/nowhere/")  # fmt: skip


@pytest.mark.parametrize("language", ["", "/de"])
@pytest.mark.parametrize("width", [320, 360, 768, 1366])
def test_no_page_is_wider_than_its_window(
    visits: Callable[..., Visit], width: int, language: str
) -> None:
    visit = visits(viewport={"width": width, "height": 740})
    visit.expects_refusals()  # /nowhere/
    visit.put_into_cart("harbour-mug", MUG)
    for path in PAGES:
        visit.open(language + path)
        visit.page.wait_for_load_state("networkidle")
        wide = visit.page.evaluate("document.documentElement.scrollWidth")
        assert (path, wide) == (path, width)


def test_german_is_whole(visits: Callable[..., Visit]) -> None:
    visit = visits(viewport=PHONE, locale="de-DE")
    page = visit.page
    visit.open("/products/harbour-mug/?variant=HARB-MUG-RUST")
    page.get_by_role("link", name="Deutsch").click()
    expect(page).to_have_url(f"{visit.base}/de/products/harbour-mug/?variant=HARB-MUG-RUST")
    assert page.locator("html").get_attribute("lang") == "de"
    expect(page.locator("#price")).to_have_text("14,50 €")
    expect(page.locator("#stock")).to_contain_text("vorrätig")
    page.click("#add")
    expect(page.locator("#live")).to_contain_text("liegt in Ihrem Warenkorb")
    page.get_by_role("link", name="Zum Warenkorb").click()
    expect(page.locator(".sums .total").first).to_have_text("Summe")
    page.get_by_role("link", name="Zur Kasse").click()
    expect(page.locator("#pay")).to_have_text("Für 19,40 € zahlungspflichtig bestellen")
    page.click("#pay")
    expect(page.locator("#failure")).to_have_text("5 Felder brauchen noch einen Blick.")


def test_the_search_finds_names(visit: Visit) -> None:
    page = visit.page
    visit.open("/")
    page.locator(".head input[type=search]").fill("mug")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=mug")
    expect(page.locator("#found")).to_have_text("3 products for “mug”")
    page.fill("#q", "MORNÍNG m")
    expect(page.locator("#found")).to_have_text("1 product for “MORNÍNG m”")
    assert page.locator("#results .card-name").all_inner_texts() == ["Morning Mug"]
    page.fill("#q", "zebra")
    expect(page.locator("#found")).to_contain_text("Nothing is called “zebra”.")
    expect(page.locator("#instead")).to_be_visible()
    page.fill("#q", "h")
    expect(page.locator("#found")).to_have_text("Type two letters of a name.")


IN_SIGHT = """() => [...document.querySelectorAll("header .icon, header .brand")]
  .filter(each => each.checkVisibility()).map(each => each.getBoundingClientRect())
  .every(box => box.width >= 44 && box.left >= 0 && box.right <= innerWidth + 1)"""


@pytest.mark.parametrize(
    ("width", "text"), [(320, 100), (340, 100), (360, 100), (360, 200), (1366, 200)]
)
def test_the_head_has_room_for_all(visits: Callable[..., Visit], width: int, text: int) -> None:
    """On the smallest phones, in large letters, and before the typeface is there."""
    visit = visits(viewport={"width": width, "height": 740})
    visit.page.route("**/*.woff2", lambda route: route.abort())
    visit.expects_refusals()
    for path in ("/", "/products/harbour-mug/", "/cart/", "/checkout/"):
        visit.open(path)
        visit.page.evaluate(f"() => {{ document.documentElement.style.fontSize = '{text}%'; }}")
        wide = visit.page.evaluate("document.documentElement.scrollWidth")
        assert (path, visit.page.evaluate(IN_SIGHT), wide <= width) == (path, True, True)


def test_what_is_closed_says_so(visit: Visit) -> None:
    visit.open("/products/harbour-mug/")
    signs = visit.page.evaluate(
        """() => [...document.querySelectorAll("summary")]
          .map(each => [each.parentElement.open, getComputedStyle(each, "::after").content])"""
    )
    assert {(open_, sign[1]) for open_, sign in signs} == {(True, "−"), (False, "+")}


def test_words_that_are_not_german_are_marked_on_german_pages(visit: Visit) -> None:
    """For voices: what the catalogue says is German where it has been written, options are not."""
    for path, place, text in (
        ("/de/products/harbour-mug/", "h1", "Hafenbecher"),
        ("/de/categories/kitchen/", "h1", "Küche & Tisch"),
        ("/de/search/?q=hafen", "#results .card-name", "Hafenbecher"),
    ):
        visit.open(path)
        named = visit.page.locator(place).first
        expect(named).to_have_text(text)
        assert named.get_attribute("lang") is None
    visit.open("/de/products/harbour-mug/")
    expect(visit.page.locator("#options")).to_have_attribute("lang", "en")
    visit.open("/products/harbour-mug/")
    assert visit.page.locator("main [lang]").count() == 0
