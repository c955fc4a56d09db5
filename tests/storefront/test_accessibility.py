"""axe-core on every page and state, in both themes: WCAG A and AA, and best practice."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import PASSWORD
from tests.contract import typescript
from tests.storefront.conftest import DESK, PHONE
from tests.storefront.test_purchase import someone
from tests.storefront.visits import MUG, Visit

AXE = typescript.FOLDER / "node_modules" / "axe-core" / "axe.min.js"
PLAIN = ("/", "/products/", "/categories/kitchen/", "/products/harbour-mug/", "/search/?q=mug",
         "/search/?q=zebra", "/cart/", "/checkout/", "/order/", "/account/",
         "/nowhere/", "/de/")  # fmt: skip
BROKEN = """async () => (await axe.run()).violations.map(
  each => [each.id, each.nodes.map(node => node.html.slice(0, 200))])"""


def broken(page: Page) -> Any:
    """The rules that the page breaks, with the elements.

    axe is put in by the browser's own tools, past the page's policy.
    """
    if not AXE.exists():
        pytest.skip("accessibility is not proven: `make test` installs axe-core, given Node.js")
    page.evaluate(AXE.read_text())
    return page.evaluate(BROKEN)


@pytest.fixture(params=[("light", DESK), ("dark", DESK), ("light", PHONE), ("dark", PHONE)])
def themed(request: Any, visits: Callable[..., Visit]) -> Iterator[Visit]:
    theme, size = request.param
    visit = visits(color_scheme=theme, viewport=size, reduced_motion="reduce", bypass_csp=True)
    visit.expects_refusals()
    yield visit


def test_pages(themed: Visit) -> None:
    for path in PLAIN:
        themed.open(path)
        themed.page.wait_for_load_state("networkidle")
        assert (path, broken(themed.page)) == (path, [])


def test_states(themed: Visit) -> None:
    """A full cart, a form at fault, an order on its way and at its end, an open menu."""
    page = themed.page
    themed.put_into_cart("harbour-mug", MUG)
    assert broken(page) == []
    themed.open("/cart/")
    expect(page.locator(".line")).to_be_visible()
    assert broken(page) == []
    themed.open_checkout()
    page.click("#pay")
    expect(page.locator("#email-error")).to_be_visible()
    assert broken(page) == []
    themed.fill(someone(), "test-declined")
    themed.pay()
    themed.wait_for_status("Nothing is charged")
    assert broken(page) == []
    themed.open("/account/")
    page.click("#sign-in button")
    assert broken(page) == []
    themed.sign_in("ada", PASSWORD)
    expect(page.locator("h1")).to_have_text("Hello ada")
    page.wait_for_load_state("networkidle")
    assert broken(page) == []
    themed.open("/")
    if page.get_by_role("button", name="Menu").is_visible():
        page.get_by_role("button", name="Menu").click()
        assert broken(page) == []


def test_one_heading_and_named_landmarks(visit: Visit) -> None:
    visit.expects_refusals()
    for path in PLAIN:
        visit.open(path)
        page = visit.page
        unnamed = page.locator("nav:not([aria-label])").count()
        counts = [page.locator(each).count() for each in ("h1", "main", "header", "footer")]
        assert (path, counts, unnamed) == (path, [1, 1, 1, 1], 0)


def test_a_change_is_said_once(visit: Visit) -> None:
    """In the one live region, which a screen reader follows."""
    page = visit.page
    visit.open_product("harbour-mug")
    page.evaluate(
        """() => {
          window.said = [];
          new MutationObserver(() => {
            const text = document.getElementById("live").innerText;
            if (text) window.said.push(text);
          }).observe(document.getElementById("live"), {childList: true, subtree: true});
        }"""
    )
    page.click("#add")
    expect(page.locator("#live")).to_contain_text("is in your cart")
    assert page.evaluate("window.said") == ["Harbour Mug, Ink Blue is in your cart.\nShow cart"]
    assert page.locator("[aria-live], [role=status], [role=alert]").count() == 1


def test_large_targets(visits: Callable[..., Visit]) -> None:
    """None under 24 pixels, those one buys with at least 44."""
    visit = visits(viewport=PHONE)
    visit.put_into_cart("harbour-mug", MUG)
    for path in ("/products/harbour-mug/", "/cart/", "/checkout/"):
        visit.open(path)
        visit.page.wait_for_load_state("networkidle")
        small = visit.page.evaluate(SMALL)
        assert (path, small) == (path, [])


SMALL = """() => [...document.querySelectorAll("a, button, input, select, summary")]
  .filter(each => each.checkVisibility() && !each.closest("p"))
  .map(each => [each, (each.closest("label.value, label.radio") ?? each).getBoundingClientRect()])
  .filter(([each, box]) => {
    const least = each.matches(".button, .icon, .stepper *, .field *, .value *") ? 44 : 24;
    return box.height < least && !each.matches(".skip");
  })
  .map(([each, box]) => `${each.outerHTML.slice(0, 120)} ${Math.round(box.height)}`)"""
