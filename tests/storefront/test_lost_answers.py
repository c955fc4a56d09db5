"""The second of the nasty situations, in all its shapes: paid, and nobody knows."""

from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.conftest import PASSWORD
from tests.endtoend.deployment import Deployment
from tests.storefront.test_nasty import orders_of
from tests.storefront.test_purchase import someone
from tests.storefront.visits import CHECKOUT, Visit


def test_2_the_phone_is_closed_before_the_answer(
    visit: Visit, visits: Callable[..., Visit], shop: Deployment
) -> None:
    """Opened again, it asks with the same key: one order, and the page of it."""
    email = someone()
    visit.prepare(email)
    with visit.answers_lost(99) as keys:
        visit.page.click("#pay")
        visit.page.wait_for_function("() => localStorage.getItem('shop.pending')")
        visit.page.wait_for_event("requestfailed")
        visit.page.close()
    again = visits(context=visit.page.context)
    again.page.context.set_offline(True)  # the lift
    again.page.context.set_offline(False)
    again.open("/checkout/")
    number = again.number()
    again.wait_for_status("confirmed")
    assert len(set(keys)) == 1
    assert orders_of(shop, email) == ["confirmed"]
    assert again.keeps("pending") is None
    assert list(again.keeps("orders")) == [number]


def test_2_c_who_signs_in_meanwhile_is_told_of_the_guest_s_order(
    visit: Visit, visits: Callable[..., Visit], shop: Deployment
) -> None:
    """The key is the guest's: it is asked with as a guest, and nothing is ordered twice."""
    email = someone()
    visit.prepare(email)
    with visit.answers_lost(99):
        visit.page.click("#pay")
        visit.page.wait_for_event("requestfailed")
        visit.page.close()
    again = visits(context=visit.page.context)
    again.open("/account/")
    again.sign_in("ada", PASSWORD)
    expect(again.page.locator("h1")).to_have_text("Hello ada")
    again.open("/checkout/")
    again.wait_for_status("confirmed")
    assert orders_of(shop, email) == ["confirmed"]


def test_2_b_without_a_line_nothing_is_claimed(visit: Visit, shop: Deployment) -> None:
    email, page = someone(), visit.page
    visit.prepare(email)
    page.context.set_offline(True)
    page.click("#pay")
    expect(page.locator("#failure")).to_contain_text("You are offline. Nothing is lost")
    assert orders_of(shop, email) == []
    page.context.set_offline(False)
    visit.pay()
    visit.wait_for_status("confirmed")
    assert orders_of(shop, email) == ["confirmed"]


def test_2_d_looking_at_the_checkout_orders_nothing(visit: Visit, shop: Deployment) -> None:
    """An order that never reached the shop is shown again, and made by a click alone, once."""
    email, page = someone(), visit.page
    visit.prepare(email, line1="4 Store Street")
    visit.expects_refusals()
    keys: list[str] = []

    def cut(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        route.abort("connectionreset")

    page.route(CHECKOUT, cut)
    page.click("#pay")
    expect(page.locator("#failure")).to_contain_text("It is not known", timeout=20_000)
    page.unroute(CHECKOUT)
    page.reload()
    expect(page.locator("#notice")).to_contain_text("the same order is not made twice")
    expect(page.locator("#line1")).to_have_value("4 Store Street")
    assert orders_of(shop, email) == []
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.headers.get("idempotency-key", "")))
    visit.pay()
    visit.wait_for_status("confirmed")
    assert orders_of(shop, email) == ["confirmed"]
    assert set(filter(None, asked)) == set(keys) and len(set(keys)) == 1


def test_2_e_another_address_is_no_second_order(visit: Visit, shop: Deployment) -> None:
    """The order was made, its answer lost, and something is typed otherwise: it is that order."""
    email, page = someone(), visit.page
    visit.prepare(email)
    with visit.answers_lost(99):
        page.click("#pay")
        expect(page.locator("#failure")).to_contain_text("It is not known", timeout=20_000)
    page.fill("#line1", "5 Other Lane")
    visit.pay()
    visit.wait_for_status("confirmed")
    assert orders_of(shop, email) == ["confirmed"]


def test_2_f_signing_out_forgets(visit: Visit) -> None:
    visit.open("/account/")
    visit.sign_in("ada", PASSWORD)
    expect(visit.page.locator("h1")).to_have_text("Hello ada")
    visit.prepare(someone())
    visit.pay()
    visit.wait_for_status("confirmed")
    visit.open("/account/")
    visit.page.get_by_role("button", name="Sign out").click()
    expect(visit.page.locator("#sign-in")).to_be_visible()
    names = ("session", "pending", "orders", "moving", "guest", "cart")
    assert {name: visit.keeps(name) for name in names} == dict.fromkeys(names)
    assert visit.page.evaluate("() => sessionStorage.length") == 0
