"""Guests and customers: they browse, fill carts, check out and follow their orders."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.aws_lambda.browser import Browser
from tests.aws_lambda.edge import ADDRESS
from tests.aws_lambda.gateway import Answer
from tests.conftest import PASSWORD
from tests.soak.journal import Placed
from tests.soak.people import USED, Links, Person, World, addresses_in

NAMES = ("Ada Byron", "Grace Hopper", "Zoë Łukasz", "山田 花子", "Alan Turing", "Mary Somerville")
PATIENCE = 120.0  # seconds until an order must have ended
MOST_DECLINED = 3  # of a customer, whose cart is one and the same for an hour
ENDED = {"confirmed", "cancelled"}


class Buyer(Person):
    """A guest. A customer has an account, and one cart for all that they buy."""

    role = "guest"

    def __init__(self, world: World, name: str, place: int):
        super().__init__(world, name, place)
        self.account: dict[str, str] = {}
        self.declined = 0

    def act(self) -> None:
        root = self.see("GET", f"{ADDRESS}/api/v1/").json
        cards = self.browse(root)
        cart = self.account or self.open_cart(root)
        for card in self.rng.sample(cards, min(len(cards), self.rng.randint(1, 4))):
            self.think(2)
            self.look_at(root, card["slug"], cart)
        if self.tidy_cart(root, cart) and self.chance(0.85):
            self.think(2)
            self.check_out(root, cart)
        self.think(4)

    def see(self, method: str, address: str, body: Any = None, **headers: str) -> Answer:
        """The answer, every address in which is looked at."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.send(method, address, body, {"Accept": "application/json", **named})
        for link in {*addresses_in(answer.json), *filter(None, [answer.headers.get("Location")])}:
            self.check_link(link, f"{method} {address}")
        return answer

    def refused(self, answer: Answer, *codes: str) -> bool:
        """Whether it is one of the refusals that others can cause; any other is a fault."""
        if answer.status < 400:
            return False
        code = str(answer.json["code"])
        if code in codes:
            self.journal.refused(f"{answer.status} {code}")
        elif answer.status < 500:
            self.journal.fault(f"{self.name} was refused: {answer.status} {answer.text[:300]}")
        return True

    # Looking --------------------------------------------------------------------------------

    def browse(self, root: dict[str, str]) -> list[dict[str, Any]]:
        """A list from its first page to the last by its `next`."""
        address = f"{root['products']}?page_size={self.rng.randint(12, 40)}"
        if self.chance(0.6):
            tree = self.see("GET", root["categories"]).json["results"]
            address += f"&category={self.rng.choice(slugs(tree))}"
        cards: list[dict[str, Any]] = []
        while address:
            page = self.see("GET", address)
            if page.status != 200:
                self.journal.fault(f"{address} answered {page.status}: {page.text[:200]}")
                break
            self.journal.led(address, str(page.status))
            cards += page.json["results"]
            address = page.json["next"]
            self.think(1)
        repeated = len(cards) - len({card["id"] for card in cards})
        if repeated:
            self.journal.fault(f"{self.name} saw {repeated} products twice in one list")
        return cards

    def open_cart(self, root: dict[str, str]) -> dict[str, str]:
        return {"Cart-Token": self.see("POST", root["cart"]).json["token"]}

    def look_at(self, root: dict[str, str], slug: str, cart: dict[str, str]) -> None:
        """A product's page, and some of what is in stock into the cart."""
        page = self.see("GET", f"{root['products']}{slug}/")
        if self.refused(page, "product_not_found"):  # archived meanwhile
            return
        in_stock = [each for each in page.json["variants"] if each["in_stock"]]
        if not in_stock:
            self.journal.did("saw a product that was sold out")
            return
        line = {
            "sku": self.rng.choice(in_stock)["sku"],
            "quantity": self.rng.choice((1, 1, 1, 2, 3)),
        }
        answer = self.see("POST", f"{root['cart']}lines/", line, **cart)
        # Sold, or archived, since the page was seen.
        self.refused(answer, "not_enough_stock", "invalid", "conflict")

    def tidy_cart(self, root: dict[str, str], cart: dict[str, str]) -> bool:
        """Change or remove a line at times; whether there is something to order."""
        answer = self.see("GET", root["cart"], **cart)
        if answer.status == 404 and self.account:
            return False  # a customer's cart is there with its first line
        lines = answer.json["lines"]
        for line in lines:
            address = f"{root['cart']}lines/{line['sku']}/"
            if line["problem"] is not None or self.chance(0.1):
                self.refused(self.see("DELETE", address, **cart), "cart_line_not_found")
            elif self.chance(0.15):
                quantity = {"quantity": self.rng.randint(1, 3)}
                self.refused(self.see("PATCH", address, quantity, **cart), "not_enough_stock")
        return bool(lines)

    # Buying ---------------------------------------------------------------------------------

    def check_out(self, root: dict[str, str], cart: dict[str, str]) -> None:
        """Once, again with the same key, or twice at the same moment."""
        answer = self.see("GET", root["cart"], **cart)
        if answer.status != 200 or not answer.json["lines"]:
            return
        key, order = str(uuid.UUID(int=self.rng.getrandbits(128), version=4)), self.order()
        if self.chance(0.5):
            order["expected_total"] = answer.json["totals"]["total"]
        times = self.rng.choices(("once", "again", "at once"), (70, 15, 15))[0]
        answers = self.send_order(root, cart, key, order, 2 if times == "at once" else 1)
        if times == "again" and answers[0].status == 202:
            self.think(3)
            answers += self.send_order(root, cart, key, order, 1)
        if times != "once":
            self.journal.did(f"checked out with one key twice, {times}")
        accepted = [each for each in answers if each.status == 202]
        if not accepted:
            # "invalid": something in the cart is for sale no longer.
            self.refused(answers[0], "price_changed", "invalid", "conflict")
            return
        if len({(each.status, each.text) for each in answers}) > 1:
            told = [f"{each.status} {each.text}" for each in answers]
            self.journal.fault(f"key {key} sent {times} had several answers: {told}"[:600])
        self.note_order(accepted[0], key, order)
        self.follow_order(accepted[0])

    def order(self) -> dict[str, Any]:
        may_decline = not self.account or self.declined < MOST_DECLINED
        declines = may_decline and self.chance(0.12)
        self.declined += declines
        return {
            "email": f"{self.name}.{self.journal.unique()}@example.com",
            "shipping_address": {
                "name": self.rng.choice(NAMES),
                "line1": "1 Analytical Way",
                "postal_code": "10115",
                "city": "Berlin",
                "country": "DE",
            },
            "payment_method": "test-declined" if declines else "test-ok",
        }

    def send_order(
        self, root: dict[str, str], cart: dict[str, str], key: str, order: Any, times: int
    ) -> list[Answer]:
        def run(_number: int) -> Answer:
            return self.see("POST", root["checkout"], order, **cart, Idempotency_Key=key)

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(run, range(times)))

    def note_order(self, answer: Answer, key: str, order: dict[str, Any]) -> None:
        receipt = answer.json
        placed = Placed(
            receipt["number"], key, order["email"], order["payment_method"], time.monotonic()
        )
        if order["payment_method"] == "test-ok" and self.chance(0.02):
            amount = {"amount": "0.01", "currency": "EUR", "at": "2026-11-26T10:00:00"}
            placed.overcharged = self.world.stack.overcharge(placed.number, **amount)
        self.journal.placed(placed)
        if answer.headers["Location"] != receipt["url"]:
            self.journal.fault(f"Location and url of {placed.number} differ")

    def follow_order(self, receipt: Answer) -> None:
        """Ask for it until it has ended, or is held for the clerk."""
        credentials = self.account or {"Order-Secret": receipt.json["secret"]}
        deadline = time.monotonic() + PATIENCE
        while self.world.running:
            self.think(1.5)
            answer = self.follow(receipt.headers["Location"], "a receipt", credentials)
            status = answer.json.get("status")
            if status in ENDED or status == "held":
                self.journal.did(f"saw their order {status}")
                return
            if time.monotonic() > deadline:
                number = receipt.json["number"]
                self.journal.fault(f"{number} was {status} after {PATIENCE:.0f} s")
                return


class Customer(Buyer):
    """Signs in, buys by the user's own cart, and looks at the list of their orders."""

    role = "customer"

    def act(self) -> None:
        if not self.account:
            self.sign_in()
        super().act()
        if self.chance(0.3):
            self.list_orders()

    def sign_in(self) -> None:
        root = self.see("GET", f"{ADDRESS}/api/v1/").json
        form = {"username": self.name, "password": PASSWORD}
        tokens = self.see("POST", root["token"], form).json
        refresh = {"refresh": tokens["refresh"]}
        tokens = self.see("POST", f"{root['token']}refresh/", refresh).json
        self.account = {"Authorization": f"Bearer {tokens['access']}"}

    def list_orders(self) -> None:
        address = f"{ADDRESS}/api/v1/orders/?page_size=5"
        while address:
            page = self.follow(address, "the list of orders", self.account)
            address = page.json.get("next")
            self.think(1)


class Reader(Buyer):
    """Reads the API's pages in a browser, goes wherever they lead, and buys as a guest."""

    role = "reader"

    def act(self) -> None:
        self.read()
        super().act()

    def read(self) -> None:
        browser = Browser(self.send, f"{ADDRESS}/")
        page = browser.get("/")
        for _ in range(6):
            if not page.headers["Content-Type"].startswith("text/html"):
                return
            unread = self.look_through(browser, Links(page.text))
            if not unread:
                return
            self.think(2)
            link = self.rng.choice(sorted(unread))
            found_on = browser.address
            page = browser.get(link)
            self.journal.led(link, str(page.status))
            if page.status == 404 and self.is_gone(link):
                return
            if not 200 <= page.status < 400:
                self.journal.fault(f"{link} on {found_on} answered {page.status} to a reader")

    def is_gone(self, link: str) -> bool:
        """Whether a manager has taken the product away since the page with the link was kept: the
        API has not got it either."""
        parts = urlsplit(link).path.strip("/").split("/")
        if "products" not in parts[:-1]:
            return False
        return self.refused(
            self.see("GET", f"{ADDRESS}/api/v1/products/{parts[-1]}/"), "product_not_found"
        )

    def look_through(self, browser: Browser, links: Links) -> set[str]:
        """Check all that the page leads to; where to go on."""
        for link in links.parts | links.forms:
            self.check_link(urljoin(browser.address, link), browser.address)
        pages = {urljoin(browser.address, link) for link in links.pages}
        shops = {link for link in pages if self.is_ours(link, browser.address)}
        return {link for link in shops if not link.removeprefix(ADDRESS).startswith(USED)}

    def is_ours(self, link: str, found_on: str) -> bool:
        return self.check_link(link, found_on) in {"api", "site-or-api"}


def slugs(tree: list[dict[str, Any]]) -> list[str]:
    return [slug for each in tree for slug in [each["slug"], *slugs(each["children"])]]
