"""A visitor of the storefront: what a person does in a browser, in a person's words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, Request, Route, expect

MUG, RUST = "HARB-MUG-INKBLU", "HARB-MUG-RUST"
ADDRESS = {
    "name": "Ada Byron",
    "line1": "1 Analytical Way",
    "postal_code": "10115",
    "city": "Berlin",
}
#: What a browser itself says of an answer that a test asked for.
OF_AN_ANSWER = "Failed to load resource"
#: On a slow machine the typeface comes too late for the first sight, which then does without.
OF_A_SLOW_FONT = "was preloaded using link preload but not used"
#: What the test's driver says of a worker that it keeps away.
OF_NO_WORKER = "Service Worker registration blocked"
CHECKOUT = re.compile(r"/api/v1/checkout/$")


@dataclass
class Visit:
    """One tab. What its console says that `allowed` does not is a fault of the test's page."""

    page: Page
    base: str
    allowed: list[str] = field(default_factory=lambda: [OF_A_SLOW_FONT, OF_NO_WORKER])
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self.note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.note("error", str(error)))

    def note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.said.append(text)

    @property
    def faults(self) -> list[str]:
        return [text for text in self.said if not any(each in text for each in self.allowed)]

    def expects_refusals(self) -> None:
        """The test has the shop refuse something, which the browser notes."""
        self.allowed.append(OF_AN_ANSWER)

    # Going ------------------------------------------------------------------------------

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)

    def open_product(self, slug: str, sku: str = "") -> None:
        self.open(f"/products/{slug}/" + (f"?variant={sku}" if sku else ""))
        expect(self.page.locator("#stock")).to_contain_text(re.compile("in stock|left|Sold out"))

    def put_into_cart(self, slug: str, sku: str, quantity: int = 1) -> None:
        self.open_product(slug, sku)
        self.page.fill("#quantity", str(quantity))
        self.page.click("#add")
        expect(self.page.locator("#live")).to_contain_text("is in your cart")

    def open_checkout(self) -> None:
        self.open("/checkout/")
        expect(self.page.locator("#pay")).to_contain_text("Order and pay")

    def fill(self, email: str, method: str = "test-ok", **changes: str) -> None:
        self.page.fill("#email", email)
        self.page.select_option("#country", changes.pop("country", "DE"))
        for name, value in (ADDRESS | changes).items():
            self.page.fill(f"#{name}", value)
        self.page.check(f"[value={method}]")

    def prepare(
        self, email: str, method: str = "test-ok", quantity: int = 1, **changes: str
    ) -> None:
        """Stand before "Pay" with a blue mug, everything filled in."""
        self.put_into_cart("harbour-mug", MUG, quantity)
        self.open_checkout()
        self.fill(email, method, **changes)

    def pay(self) -> str:
        """Order, and be led to the order; its number."""
        self.page.click("#pay")
        return self.number()

    def number(self) -> str:
        self.page.wait_for_url("**/order/#*")
        return self.page.url.split("#")[1]

    def wait_for_status(self, words: str) -> None:
        expect(self.page.locator("#status")).to_contain_text(words, timeout=30_000)

    def wait_for_count(self, count: int) -> None:
        """The number at the cart's sign, which follows the shop's answer; without one for none."""
        badge = self.page.locator("#cart-count")
        if count:
            expect(badge).to_have_text(str(count))
        else:
            expect(badge).to_be_hidden()

    def sign_in(self, name: str, password: str) -> None:
        self.page.fill("#username", name)
        self.page.fill("#password", password)
        self.page.click("#sign-in button")

    # The line to the shop ---------------------------------------------------------------

    @contextmanager
    def answers_lost(self, times: int) -> Iterator[list[str]]:
        """So often the shop does what checkout asks and its answer is lost; the keys it saw."""
        keys: list[str] = []

        def lose(route: Route, request: Request) -> None:
            keys.append(request.headers["idempotency-key"])
            if len(keys) > times:
                route.continue_()
                return
            route.fetch()
            route.abort("connectionreset")

        self.allowed.append(OF_AN_ANSWER)
        self.page.route(CHECKOUT, lose)
        yield keys
        if not self.page.is_closed():
            self.page.unroute(CHECKOUT)

    def keeps(self, name: str) -> Any:
        """What the browser keeps under that name."""
        return self.page.evaluate("name => JSON.parse(localStorage.getItem('shop.' + name))", name)
