"""When the shop refuses, is away, or has forgotten: what is said, and what is kept."""

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Route, expect

from tests.conftest import PASSWORD
from tests.endtoend.deployment import Deployment
from tests.storefront.test_nasty import orders_of
from tests.storefront.test_purchase import someone
from tests.storefront.visits import CHECKOUT, MUG, RUST, Visit

LINES = "**/api/v1/cart/lines/"


def refuse(status: int, code: str, **headers: str) -> Callable[[Route], None]:
    """As the shop answers: a problem, with these headers."""
    body = {"type": "about:blank", "title": "", "status": status, "detail": "", "code": code}

    def answer(route: Route) -> None:
        route.fulfill(
            status=status,
            body=json.dumps(body),
            headers={"Content-Type": "application/problem+json", **headers},
        )

    return answer


def test_an_ended_session_keeps_the_fields(visit: Visit, shop: Deployment) -> None:
    page, email = visit.page, someone()
    visit.open("/account/")
    visit.sign_in("ada", PASSWORD)
    expect(page.locator("h1")).to_have_text("Hello ada")
    visit.prepare(email, line1="3 Difference Lane")
    # The tokens end: as after a new password, or fourteen days.
    page.evaluate(
        """() => {
          const session = JSON.parse(localStorage.getItem("shop.session"));
          session.access = session.refresh = "ended";
          localStorage.setItem("shop.session", JSON.stringify(session));
        }"""
    )
    visit.expects_refusals()
    page.click("#pay")
    expect(page.locator("#notice")).to_contain_text("Your sign-in has ended.")
    assert orders_of(shop, email) == []
    page.locator("#notice a").click()
    visit.sign_in("ada", PASSWORD)
    page.wait_for_url("**/checkout/")
    expect(page.locator("#line1")).to_have_value("3 Difference Lane")
    expect(page.locator("#email")).to_have_value(email)
    visit.pay()
    visit.wait_for_status("confirmed")
    assert orders_of(shop, email) == ["confirmed"]


@pytest.mark.parametrize("late", ["**/js/product.js", "**/api/v1/products/harbour-mug/"])
def test_what_is_chosen_early_stays_chosen(visit: Visit, late: str) -> None:
    """Before the module is there, and before the shop has said what there is."""
    page, held = visit.page, list[Route]()
    page.route(late, lambda route: held.append(route))
    with page.expect_request(late):
        page.goto(f"{visit.base}/products/harbour-mug/", wait_until="commit")
    page.locator("input[value=Rust]").check(force=True)
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("#sku")).to_have_text(f"SKU {RUST}")
    expect(page).to_have_url(f"{visit.base}/products/harbour-mug/?variant={RUST}")
    expect(page.locator("#picture img")).to_have_attribute("alt", "Harbour Mug in Rust")
    page.click("#add")
    expect(page.locator("#live")).to_contain_text("Harbour Mug, Rust is in your cart")


def test_too_often(visit: Visit) -> None:
    visit.open_product("harbour-mug")
    visit.expects_refusals()
    visit.page.route("**/api/v1/cart/", refuse(429, "throttled", **{"Retry-After": "37"}))
    visit.page.click("#add")
    expect(visit.page.locator("#buy-error")).to_contain_text("try again in 37 seconds")
    visit.page.unroute("**/api/v1/cart/")
    visit.page.click("#add")
    expect(visit.page.locator("#live")).to_contain_text("is in your cart")


def test_a_shop_that_is_away_is_asked_three_times_with_one_key(visit: Visit) -> None:
    visit.put_into_cart("harbour-mug", MUG)
    visit.open_product("harbour-mug")
    visit.expects_refusals()
    keys: list[str] = []

    def away(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        refuse(503, "unavailable", **{"Retry-After": "1"})(route)

    visit.page.route(LINES, away)
    visit.page.click("#add")
    expect(visit.page.locator("#buy-error")).to_contain_text(
        "cannot answer just now", timeout=20_000
    )
    visit.page.unroute(LINES)
    visit.page.click("#add")
    expect(visit.page.locator("#cart-count")).to_have_text("2")
    assert (len(keys), len(set(keys))) == (3, 1)


def test_the_same_wish_is_not_done_twice(visit: Visit) -> None:
    """The answer to "Add" is lost; pressed again, it is added once."""
    visit.put_into_cart("harbour-mug", MUG)
    visit.open_product("harbour-mug")
    visit.expects_refusals()

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    visit.page.route(LINES, lose)
    visit.page.click("#add")
    expect(visit.page.locator("#buy-error")).to_contain_text("It is not known", timeout=20_000)
    visit.page.unroute(LINES)
    visit.page.click("#add")
    expect(visit.page.locator("#live")).to_contain_text("is in your cart")
    expect(visit.page.locator("#cart-count")).to_have_text("2")


def test_a_failure_of_the_checkout_is_no_order(visit: Visit, shop: Deployment) -> None:
    email = someone()
    visit.prepare(email)
    visit.expects_refusals()
    visit.page.route(CHECKOUT, refuse(500, "error"))
    visit.page.click("#pay")
    expect(visit.page.locator("#failure")).to_contain_text("cannot answer just now", timeout=20_000)
    expect(visit.page.locator("#pay")).to_have_text("Order and pay €19.40")
    visit.page.unroute(CHECKOUT)
    visit.pay()
    visit.wait_for_status("confirmed")
    assert orders_of(shop, email) == ["confirmed"]


def test_a_forgotten_cart_is_told(visit: Visit) -> None:
    visit.open("/")
    visit.page.evaluate("() => localStorage.setItem('shop.guest', JSON.stringify('A'.repeat(43)))")
    visit.expects_refusals()
    visit.open("/cart/")
    expect(visit.page.locator("#live")).to_contain_text("Your cart had expired")
    expect(visit.page.locator(".empty")).to_have_text("Your cart is empty.")
    visit.put_into_cart("harbour-mug", MUG)
    visit.wait_for_count(1)


def test_wrong_password(visit: Visit) -> None:
    visit.open("/account/")
    visit.expects_refusals()
    visit.sign_in("ada", "wrong")
    expect(visit.page.locator("#failure")).to_have_text("Name or password is wrong.")
    assert visit.keeps("session") is None


def test_nobody_is_led_to_another_shop(visit: Visit) -> None:
    """`next` is a page of this one."""
    visit.expects_refusals()  # a page of this shop that there is not
    for bad in ("https://evil.example/", "/.//evil.example/x", "//evil.example", "http://["):
        visit.open(f"/account/?next={quote(bad)}")
        visit.sign_in("ada", PASSWORD)
        visit.page.wait_for_function("() => localStorage.getItem('shop.session')")
        visit.page.wait_for_load_state("networkidle")
        assert visit.page.url.startswith(f"{visit.base}/")
        visit.page.evaluate("() => localStorage.clear()")


def with_news(route: Route) -> None:
    """The list as the shop gives it, but that the mug is dearer and few are left."""
    answer = route.fetch()
    body = answer.json()
    for card in body["results"]:
        if card["slug"] == "harbour-mug":
            card |= {"price_from": {"amount": "15.50", "currency": "EUR"}}
            card |= {"availability": "few_left"}
    route.fulfill(response=answer, json=body)


def test_a_list_says_what_is_true_now(visit: Visit) -> None:
    """Where the page is older: its price and its stock."""
    visit.page.route("**/api/v1/products/?*", with_news)
    visit.open("/categories/mugs-and-cups/")
    card = visit.page.locator("[data-slug=harbour-mug]")
    expect(card.locator(".card-price")).to_have_text("€15.50")
    expect(card.locator(".badge")).to_have_text("Few left")


SCROLLED = """() => new Promise(done => {
  scrollTo(0, %s);
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100)));
})"""


def test_a_list_that_nobody_sees_asks_nothing(visits: Callable[..., Visit]) -> None:
    """On a phone home's products are far below: the shop is asked when they come near, once."""
    visit = visits(viewport={"width": 360, "height": 500})
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))

    def lists() -> int:
        return sum("/api/v1/products/?" in url for url in asked)

    visit.open("/")
    visit.page.wait_for_load_state("networkidle")
    assert lists() == 0
    with visit.page.expect_response("**/api/v1/products/?*"):
        visit.page.locator("#newest").scroll_into_view_if_needed()
    for there in ("0", "document.body.scrollHeight / 2", "0", "document.body.scrollHeight / 2"):
        visit.page.evaluate(SCROLLED % there)
    visit.page.wait_for_load_state("networkidle")
    assert lists() == 1


WRITTEN = """() => {
  window.written = 0;
  const {NumberFormat} = Intl;
  Intl.NumberFormat = function (...given) {
    window.written += 1;
    return new NumberFormat(...given);
  };
}"""


@pytest.mark.parametrize("path", ["/products/harbour-mug/", "/categories/mugs-and-cups/"])
def test_prices_that_the_page_says_are_not_written_again(visit: Visit, path: str) -> None:
    """The first that a browser writes takes a phone 40 ms; only what has changed is written."""
    visit.page.add_init_script(f"({WRITTEN})()")
    visit.open(path)
    visit.page.wait_for_load_state("networkidle")
    assert visit.page.evaluate("window.written") == 0


def test_a_product_says_what_it_costs_now(visit: Visit) -> None:
    def dearer(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        for variant in body["variants"]:
            if variant["sku"] == RUST:
                variant["price"]["amount"] = "15.50"
        route.fulfill(response=answer, json=body)

    visit.page.route("**/api/v1/products/harbour-mug/", dearer)
    visit.open_product("harbour-mug")
    expect(visit.page.locator("#price")).to_have_text("€14.50")
    visit.page.locator("input[value=Rust]").check()
    expect(visit.page.locator("#price")).to_have_text("€15.50")
    visit.page.locator("input[value='Ink Blue']").check()
    expect(visit.page.locator("#price")).to_have_text("€14.50")


def test_a_german_page_is_answered_in_german(visit: Visit) -> None:
    """By the page's own sentence, where it has one, and by the shop's."""
    page = visit.page
    visit.put_into_cart("harbour-mug", MUG)
    visit.open("/de/checkout/")
    visit.fill(someone(), postal_code="1")
    visit.expects_refusals()
    with page.expect_request(CHECKOUT) as asked:
        page.click("#pay")
    assert asked.value.header_value("Accept-Language") == "de"
    fields = page.locator("#form")
    expect(fields).to_contain_text("Keine gültige Postleitzahl (Deutschland). Zum Beispiel 26133.")
    page.fill("#postal_code", "10115")
    page.fill("#name", "www.example.com")
    page.click("#pay")
    expect(fields).to_contain_text("Ohne Adressen von Webseiten oder E-Mails.")
