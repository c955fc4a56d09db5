"""Ten nasty situations, as they happen to people."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.conftest import PASSWORD
from tests.endtoend.deployment import Deployment
from tests.storefront.test_purchase import someone
from tests.storefront.visits import CHECKOUT, MUG, Visit

TOTE = "CANV-TOTE-BAG-BLACK"


def orders_of(shop: Deployment, email: str) -> list[str]:
    return [str(row["status"]) for row in shop.rows("orders_order") if row["email"] == email]


def test_1_the_cart_is_emptied_in_another_tab(
    visit: Visit, visits: Callable[..., Visit], shop: Deployment
) -> None:
    email = someone()
    visit.prepare(email)
    # As if the other tab's news had not come: another visitor's browser with the same cart.
    other = visits()
    other.open("/")
    other.page.evaluate(
        "token => localStorage.setItem('shop.guest', JSON.stringify(token))", visit.keeps("guest")
    )
    other.open("/cart/")
    other.page.get_by_role("button", name="Remove Harbour Mug, Ink Blue").click()
    expect(other.page.locator(".empty")).to_be_visible()
    visit.expects_refusals()
    visit.page.click("#pay")
    expect(visit.page.locator("#notice")).to_contain_text(
        "The cart was emptied elsewhere, so nothing was ordered."
    )
    assert orders_of(shop, email) == []


def test_1_b_a_tab_of_the_same_browser_hears_of_it(
    visit: Visit, visits: Callable[..., Visit]
) -> None:
    visit.put_into_cart("harbour-mug", MUG)
    visit.open_checkout()
    other = visits(context=visit.page.context)
    other.open("/cart/")
    other.page.get_by_role("button", name="Remove Harbour Mug, Ink Blue").click()
    expect(visit.page.locator("#notice")).to_contain_text("The cart is empty")
    visit.wait_for_count(0)


def test_3_back_from_the_order_and_pay_again(visit: Visit, shop: Deployment) -> None:
    email = someone()
    visit.prepare(email)
    visit.pay()
    visit.wait_for_status("confirmed")
    visit.page.go_back()
    expect(visit.page.locator("#notice")).to_contain_text("The cart is empty")
    expect(visit.page.locator("#pay")).to_be_hidden()
    assert orders_of(shop, email) == ["confirmed"]


def test_4_pay_is_clicked_twice_on_a_slow_line(visit: Visit, shop: Deployment) -> None:
    email, page = someone(), visit.page
    visit.prepare(email)
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url) if CHECKOUT.search(each.url) else None)
    page.locator("#pay").dblclick()
    visit.number()
    visit.wait_for_status("confirmed")
    assert len(asked) == 1
    assert orders_of(shop, email) == ["confirmed"]


def test_4_b_an_answer_lost_twice_is_asked_for_again(visit: Visit, shop: Deployment) -> None:
    email = someone()
    visit.prepare(email)
    with visit.answers_lost(2) as keys:
        visit.pay()
    visit.wait_for_status("confirmed")
    assert (len(keys), len(set(keys))) == (3, 1)
    assert orders_of(shop, email) == ["confirmed"]


def test_5_an_old_link_to_a_product_that_is_gone(visit: Visit) -> None:
    visit.expects_refusals()
    answer = visit.page.goto(f"{visit.base}/products/a-mug-of-two-years-ago/")
    assert answer is not None and answer.status == 404
    expect(visit.page.locator("h1")).to_have_text("There is nothing here")
    visit.page.locator("main").get_by_role("link", name="Kitchen & Table").click()
    expect(visit.page.locator("h1")).to_have_text("Kitchen & Table")


def test_6_autofill_puts_the_country_into_the_city(visit: Visit, shop: Deployment) -> None:
    email, page = someone(), visit.page
    visit.prepare(email, city="Germany")
    page.click("#pay")
    expect(page.locator("#city-error")).to_have_text("This is the country. Which town?")
    expect(page.locator("#city")).to_be_focused()
    assert orders_of(shop, email) == []
    page.fill("#city", "Berlin")
    expect(page.locator("#city-error")).to_have_count(0)
    visit.pay()


def test_7_the_last_one_is_in_two_carts(visits: Callable[..., Visit], shop: Deployment) -> None:
    """The loser has typed everything; the line is named, and the rest can be bought."""
    shop.set_stock("MONS-PLAN-40CM", 1)
    loser, email = visits(), someone()
    loser.put_into_cart("harbour-mug", MUG)
    loser.put_into_cart("monstera-plant", "MONS-PLAN-40CM")
    loser.open_checkout()
    loser.fill(email)
    winner = visits()
    winner.put_into_cart("monstera-plant", "MONS-PLAN-40CM")
    winner.open_checkout()
    winner.fill(someone())
    winner.pay()
    winner.wait_for_status("confirmed")

    loser.pay()
    loser.wait_for_status("Nothing is charged: Monstera Plant, ")
    expect(loser.page.locator("#status")).to_contain_text("was sold out before")
    assert orders_of(shop, email) == ["cancelled"]
    loser.open("/")
    loser.put_into_cart("harbour-mug", MUG)
    loser.open_checkout()
    expect(loser.page.locator("#email")).to_have_value(email)
    loser.pay()
    loser.wait_for_status("confirmed")


def test_8_another_country_asks_for_other_fields(visit: Visit) -> None:
    page = visit.page
    visit.put_into_cart("harbour-mug", MUG)
    visit.open_checkout()
    page.select_option("#country", "US")
    expect(page.get_by_label("State")).to_be_visible()
    expect(page.locator("#areas option")).to_have_count(62)
    expect(page.locator("#areas option").nth(8)).to_have_attribute("value", "California")
    page.select_option("#country", "CA")
    expect(page.get_by_label("Province")).to_be_visible()
    expect(page.locator("#areas option")).to_have_count(13)
    page.select_option("#country", "HK")
    expect(page.locator("#postal_code")).to_be_hidden()
    page.select_option("#country", "IE")
    expect(page.get_by_label("Postal code (optional)")).to_be_visible()
    expect(page.get_by_label("County (optional)")).to_be_visible()
    page.fill("#administrative_area", "Cork")
    page.select_option("#country", "JP")
    expect(page.get_by_label("Prefecture")).to_have_value("")
    page.click("#pay")
    expect(page.locator("#postal_code-error")).to_have_text("Please fill this in.")
    page.select_option("#country", "IE")
    expect(page.locator("#postal_code-error")).to_have_count(0)
    page.select_option("#country", "DE")
    expect(page.locator("#administrative_area")).to_be_hidden()
    visit.expects_refusals()
    visit.fill(someone(), country="US", line1="1600 Amphitheatre Pkwy", city="Mountain View")
    page.fill("#postal_code", "10115-99")
    page.fill("#administrative_area", "Bavaria")
    page.click("#pay")
    expect(page.locator("#administrative_area-error")).to_contain_text(
        "Not known there (United States)."
    )
    expect(page.locator("#postal_code-error")).to_have_text(
        "Not a postal code there (United States). Like 95014."
    )
    expect(page.locator("#postal_code")).to_be_focused()
    described = page.locator("#postal_code").get_attribute("aria-describedby")
    assert described == "postal_code-error"


def test_8_b_a_german_page_says_it_in_german(visit: Visit) -> None:
    page = visit.page
    visit.put_into_cart("harbour-mug", MUG)
    visit.open("/de/checkout/")
    expect(page.locator("#pay")).to_contain_text("zahlungspflichtig bestellen")
    visit.fill(someone(), postal_code="1011")
    visit.expects_refusals()
    page.click("#pay")
    expect(page.locator("#postal_code-error")).to_have_text(
        "Keine gültige Postleitzahl (Deutschland). Zum Beispiel 26133."
    )
    expect(page.locator("#failure")).to_have_text("Ein Feld braucht noch einen Blick.")
    page.fill("#postal_code", "10115")
    page.check("[value=test-declined]")
    visit.pay()
    visit.wait_for_status("Es wird nichts berechnet: die Zahlung wurde abgelehnt.")


def test_9_a_stranger_wants_a_guest_s_order(visit: Visit, visits: Callable[..., Visit]) -> None:
    visit.prepare("ada@example.org")
    number = visit.pay()
    visit.wait_for_status("confirmed")
    stranger = visits()
    stranger.expects_refusals()
    stranger.open("/account/")
    stranger.sign_in("ada", PASSWORD)  # the address of the mail is no proof
    expect(stranger.page.locator("h1")).to_have_text("Hello ada")
    stranger.open(f"/order/#{number}")
    expect(stranger.page.locator("#failure")).to_contain_text("no order with this number")
    expect(stranger.page.locator("#order")).to_be_empty()


def test_10_the_price_changes_and_the_clock_is_a_day_off(visit: Visit, shop: Deployment) -> None:
    email, page = someone(), visit.page
    page.clock.set_fixed_time(datetime.now(UTC) - timedelta(days=1))
    visit.put_into_cart("canvas-tote-bag", TOTE)
    visit.open_checkout()
    visit.fill(email)
    before = re.sub(r"^.*pay ", "", page.locator("#pay").inner_text())
    table = shop.dynamodb.Table(f"{shop.name}-catalog_variant")
    old = table.get_item(Key={"sku": TOTE})["Item"]["price"]
    new = old + 3 if not isinstance(old, str) else str(float(old) + 3)
    table.update_item(
        Key={"sku": TOTE},
        UpdateExpression="SET price = :p",
        ExpressionAttributeValues={":p": new},
    )
    visit.expects_refusals()
    page.click("#pay")
    notice = page.locator("#notice")
    expect(notice).to_contain_text(f"The total has changed from {before} to €")
    expect(page.locator("#lines .error")).to_contain_text("was €")
    assert orders_of(shop, email) == []
    page.click("#pay")
    visit.number()
    visit.wait_for_status("confirmed")
    assert orders_of(shop, email) == ["confirmed"]
