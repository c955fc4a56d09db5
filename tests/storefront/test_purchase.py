"""From the home page to a confirmed order, as a guest and as a customer, in a browser."""

import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.conftest import PASSWORD
from tests.endtoend.deployment import Deployment, wait_for
from tests.storefront.conftest import PHONE
from tests.storefront.visits import MUG, RUST, Visit


@pytest.fixture
def service_workers() -> str:
    return "allow"


def someone() -> str:
    return f"{uuid.uuid4().hex}@example.org"


def mails(shop: Deployment, email: str) -> list[str]:
    class Addressee:
        def __init__(self) -> None:
            self.email = email

    return [subject for _, subject in shop.mails([Addressee()])]  # type: ignore[list-item]


def test_a_guest_buys_on_the_phone(visits: Callable[..., Visit], shop: Deployment) -> None:
    """By what can be seen and touched alone; the order is confirmed without a reload."""
    visit, email = visits(viewport=PHONE, has_touch=True), someone()
    page = visit.page
    visit.open("/")
    page.get_by_role("button", name="Menu").tap()
    page.get_by_role("link", name="Kitchen & Table").first.tap()
    page.get_by_role("link", name="Mugs & Cups").tap()
    page.locator("[data-slug=harbour-mug] a").tap()
    page.get_by_role("radio", name="Rust").check(force=True)
    expect(page).to_have_url(re.compile(f"variant={RUST}$"))
    expect(page.locator("#stock")).to_contain_text("in stock")
    page.locator("#add").tap()
    page.get_by_role("link", name="Show cart").tap()
    expect(page.locator(".line .line-top")).to_have_text("Harbour Mug€14.50")
    page.get_by_role("link", name="To checkout").tap()
    visit.fill(email)
    number = visit.pay()
    visit.wait_for_status("Your order is paid and confirmed")
    expect(page.locator("h1")).to_have_text("Thank you for your order")
    visit.wait_for_count(0)
    (row,) = [row for row in shop.rows("orders_order") if row["email"] == email]
    assert (row["number"], row["status"], row["lines"][0]["sku"]) == (number, "confirmed", RUST)
    wait_for(lambda: bool(mails(shop, email)), lambda: "no mail")
    assert mails(shop, email) == [f"Your order {number} is confirmed"]


def test_a_customer_s_cart_and_address_come_along(visit: Visit, shop: Deployment) -> None:
    page, email = visit.page, someone()
    visit.put_into_cart("harbour-mug", MUG, 2)
    visit.open_checkout()
    page.locator("#who a").click()
    visit.sign_in("ada", PASSWORD)
    expect(page.locator("#who")).to_have_text("Signed in as ada.")
    visit.wait_for_count(2)
    assert visit.keeps("guest") is None
    visit.fill(email, line1="2 Engine Court")
    first = visit.pay()
    visit.wait_for_status("confirmed")

    visit.put_into_cart("harbour-mug", MUG)
    visit.open_checkout()
    expect(page.locator("#line1")).to_have_value("2 Engine Court")
    expect(page.locator("#email")).to_have_value(email)
    second = visit.pay()
    visit.wait_for_status("confirmed")
    visit.open("/account/")
    expect(page.locator(".orders strong").first).to_have_text(second)
    assert page.locator(".orders strong").all_inner_texts()[:2] == [second, first]
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#sign-in")).to_be_visible()
    assert visit.keeps("session") is None


def test_an_order_is_found_by_number_and_secret(visit: Visit, visits: Callable[..., Visit]) -> None:
    visit.prepare(someone())
    number = visit.pay()
    secret = visit.keeps("orders")[number]

    other = visits()
    other.expects_refusals()
    other.open("/order/")
    other.page.fill("#number", number.replace("-", " ").lower())
    other.page.click("#look-up button")
    expect(other.page.locator("#failure")).to_contain_text("no order with this number and secret")
    other.page.fill("#secret", secret)
    other.page.click("#look-up button")
    expect(other.page.locator("h1")).to_have_text(f"Order {number}")
    # The address that a mail or a note can carry: the secret is kept, and gone from sight.
    third = visits()
    third.open(f"/order/#{number}.{secret}")
    expect(third.page.locator("h1")).to_have_text(f"Order {number}")
    expect(third.page).to_have_url(f"{third.base}/order/#{number}")


def test_a_declined_card_keeps_cart_and_fields(visit: Visit) -> None:
    page = visit.page
    email = someone()
    visit.prepare(email, "test-declined", quantity=2)
    visit.pay()
    visit.wait_for_status("Nothing is charged: the payment was declined.")
    assert page.locator(".steps li").last.inner_text() == "Cancelled"
    page.get_by_role("button", name="Put it into the cart again").click()
    page.wait_for_url("**/cart/")
    expect(page.locator(".stepper input")).to_have_value("2")
    visit.open_checkout()
    expect(page.locator("#email")).to_have_value(email)
    expect(page.locator("#line1")).to_have_value("1 Analytical Way")
    page.check("[value=test-ok]")
    visit.pay()
    visit.wait_for_status("confirmed")


def test_quantities_and_undo(visit: Visit) -> None:
    page = visit.page
    visit.put_into_cart("harbour-mug", MUG)
    visit.open("/cart/")
    more = page.get_by_role("button", name="One more: Harbour Mug, Ink Blue")
    for _ in range(3):
        more.click()
    expect(page.locator("#cart-count")).to_have_text("4")
    expect(page.locator(".sums .total").last).to_have_text("€58.00")
    expect(page.locator("#live")).to_contain_text("The cart is up to date: €58.00.")
    page.get_by_role("button", name="Remove Harbour Mug, Ink Blue").click()
    expect(page.locator(".empty")).to_have_text("Your cart is empty.")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".stepper input")).to_have_value("4")
    expect(page.get_by_role("button", name="Remove Harbour Mug, Ink Blue")).to_be_focused()
    page.fill(".stepper input", "2")
    page.keyboard.press("Tab")
    expect(page.locator("#cart-count")).to_have_text("2")
