"""Several tabs, late answers, a browser that forgets: nothing is lost, doubled or left behind."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.conftest import PASSWORD
from tests.endtoend.deployment import Deployment
from tests.storefront.test_nasty import orders_of
from tests.storefront.test_purchase import someone
from tests.storefront.visits import MUG, RUST, Visit

LINES = "**/api/v1/cart/lines/"
KEEP = "([name, value]) => localStorage.setItem('shop.' + name, JSON.stringify(value))"


def signed_in(visit: Visit) -> None:
    visit.open("/account/")
    visit.sign_in("ada", PASSWORD)
    expect(visit.page.locator("h1")).to_have_text("Hello ada")


def empty_customers_cart(visit: Visit) -> None:
    visit.open("/cart/")
    expect(visit.page.locator("#cart [aria-busy]")).to_have_count(0)
    visit.page.wait_for_load_state("networkidle")
    while visit.page.get_by_role("button", name="Remove ").count():
        count = visit.page.locator(".line").count()
        visit.page.get_by_role("button", name="Remove ").first.click()
        expect(visit.page.locator(".line")).to_have_count(count - 1)


def test_a_line_that_goes_away_denies_no_order(visit: Visit, shop: Deployment) -> None:
    """Ordered, the answer lost, offline, and "Pay" again: it is still that order."""
    page, email = visit.page, someone()
    visit.prepare(email)
    with visit.answers_lost(99):
        page.click("#pay")
        expect(page.locator("#failure")).to_contain_text("It is not known", timeout=20_000)
    page.context.set_offline(True)
    page.click("#pay")
    expect(page.locator("#failure")).to_contain_text("You are offline.")
    page.context.set_offline(False)
    visit.pay()
    visit.wait_for_status("confirmed")
    assert orders_of(shop, email) == ["confirmed"]


def test_another_cart_of_the_same_price_is_another_order(visit: Visit, shop: Deployment) -> None:
    page, email = visit.page, someone()
    visit.prepare(email)
    with visit.answers_lost(99):
        page.click("#pay")
        expect(page.locator("#failure")).to_contain_text("It is not known", timeout=20_000)
    visit.put_into_cart("harbour-mug", RUST)
    visit.open_checkout()
    expect(page.locator("#notice")).to_contain_text("This is another one.")
    number = visit.pay()
    visit.wait_for_status("confirmed")
    (row,) = [row for row in shop.rows("orders_order") if row["number"] == number]
    assert [line["sku"] for line in row["lines"]] == [RUST]
    visit.wait_for_count(0)
    assert sorted(orders_of(shop, email)) == ["confirmed", "confirmed"]


def test_who_cannot_sign_in_any_more_orders_as_a_guest(visit: Visit, shop: Deployment) -> None:
    page = visit.page
    signed_in(visit)
    empty_customers_cart(visit)
    visit.prepare(someone())
    session = visit.keeps("session") | {"access": "ended", "refresh": "ended"}
    page.evaluate(KEEP, ["session", session])
    visit.expects_refusals()
    page.click("#pay")
    expect(page.locator("#notice")).to_contain_text("Your sign-in has ended.")
    assert visit.keeps("pending") is None
    email = someone()
    visit.prepare(email)
    visit.pay()
    visit.wait_for_status("confirmed")
    assert orders_of(shop, email) == ["confirmed"]


def test_signing_out_in_one_tab_is_signing_out_in_all(
    visit: Visit, visits: Callable[..., Visit]
) -> None:
    signed_in(visit)
    visit.prepare(someone(), line1="7 Secret Street")
    other = visits(context=visit.page.context)
    other.open("/account/")
    third = visits(context=visit.page.context)
    third.open("/account/")
    other.page.get_by_role("button", name="Sign out").click()
    expect(third.page.locator("#sign-in")).to_be_visible()
    expect(third.page.locator("h1")).to_have_text("Your account")
    visit.put_into_cart("harbour-mug", MUG)
    visit.open_checkout()
    expect(visit.page.locator("#line1")).to_have_value("")


def test_two_tabs_move_one_cart_once(visit: Visit, visits: Callable[..., Visit]) -> None:
    """As after a sign-in whose moving was cut off."""
    signed_in(visit)
    empty_customers_cart(visit)
    session = visit.keeps("session")
    visit.page.get_by_role("link", name="Your account").first.click()
    visit.page.get_by_role("button", name="Sign out").click()
    visit.put_into_cart("harbour-mug", MUG, 2)
    visit.page.evaluate(KEEP, ["session", session])
    tabs = [visits(context=visit.page.context) for _ in range(2)]
    for tab in tabs:
        tab.page.goto(f"{tab.base}/account/", wait_until="commit")
    for tab in tabs:
        expect(tab.page.locator("#cart-count")).to_have_text("2")
        tab.page.wait_for_load_state("networkidle")
    visit.open("/cart/")
    expect(visit.page.locator(".stepper input")).to_have_value("2")


def test_what_was_added_after_a_move_began_comes_too(visit: Visit) -> None:
    page = visit.page
    signed_in(visit)
    empty_customers_cart(visit)
    page.get_by_role("link", name="Your account").first.click()
    page.get_by_role("button", name="Sign out").click()
    visit.put_into_cart("harbour-mug", MUG)
    begun = {
        "token": visit.keeps("guest"),
        "lines": [{"sku": MUG, "quantity": 1, "name": "", "key": "k" * 32}],
    }
    page.evaluate(KEEP, ["moving", begun])
    visit.put_into_cart("harbour-mug", RUST, 3)
    signed_in(visit)
    visit.open("/cart/")
    expect(page.locator(f"#quantity-{RUST}")).to_have_value("3")
    expect(page.locator(f"#quantity-{MUG}")).to_have_value("1")
    empty_customers_cart(visit)


def test_put_into_the_cart_again_after_a_cut_adds_once(visit: Visit) -> None:
    page = visit.page
    visit.put_into_cart("harbour-mug", RUST)
    visit.prepare(someone(), "test-declined")
    visit.pay()
    visit.wait_for_status("declined")
    visit.expects_refusals()

    def cut(route: Route) -> None:
        if RUST in (route.request.post_data or ""):
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(LINES, cut)
    button = page.get_by_role("button", name="Put it into the cart again")
    button.click()
    expect(page.locator("#live")).to_contain_text("It is not known", timeout=20_000)
    page.unroute(LINES)
    button.click()
    page.wait_for_url("**/cart/")
    expect(page.locator(f"#quantity-{RUST}")).to_have_value("1")
    expect(page.locator(f"#quantity-{MUG}")).to_have_value("1")


def test_a_late_answer_covers_no_newer_one(visit: Visit) -> None:
    page = visit.page
    visit.put_into_cart("harbour-mug", MUG)
    visit.open("/cart/")
    expect(page.locator(f"#quantity-{MUG}")).to_have_value("1")
    held: list[Route] = []
    page.route("**/api/v1/cart/", lambda route: held.append(route))
    page.evaluate("() => dispatchEvent(new StorageEvent('storage', {key: 'shop.basket'}))")
    page.wait_for_function("() => true")
    page.fill(f"#quantity-{MUG}", "4")
    page.keyboard.press("Tab")
    expect.soft(page.locator(f"#quantity-{MUG}")).to_have_value("4")
    assert len(held) == 1
    held[0].continue_()
    page.unroute("**/api/v1/cart/")
    expect(page.locator("#cart-count")).to_have_text("4")
    expect(page.locator(f"#quantity-{MUG}")).to_have_value("4")


def test_clicks_are_meant_though_the_page_is_left(visit: Visit) -> None:
    page = visit.page
    visit.put_into_cart("harbour-mug", MUG)
    visit.open("/cart/")
    more = page.get_by_role("button", name="One more: Harbour Mug, Ink Blue")
    more.click()
    more.click()
    page.locator("a.brand").click()
    page.wait_for_url(f"{visit.base}/")
    visit.open("/cart/")
    expect(page.locator(f"#quantity-{MUG}")).to_have_value("3")


def test_two_clicks_before_the_stock_is_known_are_one(visit: Visit) -> None:
    page = visit.page
    held: list[Route] = []
    page.route("**/api/v1/products/harbour-mug/", lambda route: held.append(route))
    page.goto(f"{visit.base}/products/harbour-mug/", wait_until="load")
    page.locator("#add").dblclick()
    expect(page.locator("#add")).to_have_attribute("aria-busy", "true")
    page.locator("#add").click(force=True)
    for route in held:
        route.continue_()
    page.unroute("**/api/v1/products/harbour-mug/")
    expect(page.locator("#live")).to_contain_text("is in your cart")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#cart-count")).to_have_text("1")


def test_a_full_browser_still_leads_to_the_order(visit: Visit) -> None:
    page = visit.page
    visit.prepare(someone())
    page.evaluate(
        """() => {
          let text = "x".repeat(1 << 20);
          for (let number = 0; text; number += 1)
            try { localStorage.setItem(`full${number}`, text); }
            catch { text = text.slice(0, text.length / 2); }
        }"""
    )
    page.click("#pay")
    visit.wait_for_status("confirmed")


@pytest.mark.parametrize("value", [{}, 5, "abc", [], {"name": "eve"}])
@pytest.mark.parametrize(
    "name", ["session", "pending", "moving", "cart", "basket", "orders", "guest"]
)
def test_what_is_kept_wrongly_is_forgotten(visit: Visit, name: str, value: object) -> None:
    if (name, value) == ("guest", "abc"):
        visit.expects_refusals()  # a token of nobody's
    visit.open("/")
    visit.page.evaluate(KEEP, [name, value])
    visit.prepare(someone())
    visit.pay()
    visit.wait_for_status("confirmed")


def test_a_clock_that_is_wrong_ends_no_session(visit: Visit) -> None:
    """The access token is refused before its time: the refresh token still holds."""
    signed_in(visit)
    session = visit.keeps("session") | {"access": "spent"}
    visit.page.evaluate(KEEP, ["session", session])
    visit.expects_refusals()
    visit.open("/account/")
    expect(visit.page.locator("h1")).to_have_text("Hello ada")
    expect(visit.page.locator(".orders")).to_be_attached()
    visit.page.wait_for_load_state("networkidle")
    assert visit.keeps("session")["access"] not in {"spent", ""}
    assert visit.keeps("session")["name"] == "ada"
