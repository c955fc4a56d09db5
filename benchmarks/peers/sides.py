"""The peer's sides: the same five requests as ours, by WSGI, within the process.

What is not shown in one request of the peer's is not asked for: it delivers less than ours.
"""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import cycle
from typing import Any
from wsgiref.util import setup_testing_defaults

from benchmarks.sides.common import CARTS, ROWS, Side

HOST = "peer.example"
ORDER = {
    "guest_email": "ada@example.com",
    "shipping_address": {
        "first_name": "Ada",
        "last_name": "Byron",
        "line1": "1 Analytical Way",
        "line4": "Berlin",
        "postcode": "10115",
        "country": f"http://{HOST}/api/countries/DE/",
    },
}


@dataclass
class Answer:
    status: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def json(self) -> Any:
        assert self.status == "200 OK", (self.status, self.body[:2000])
        return json.loads(self.body)


def peer() -> "Visitor":
    from django.core.wsgi import get_wsgi_application

    return Visitor(get_wsgi_application())


class Visitor:
    """Sends requests to a handler of WSGI."""

    def __init__(self, handler: Callable[..., Any]) -> None:
        self.handler = handler

    def request(self, path: str, cookie: str = "", body: Any = None) -> dict[str, Any]:
        """An environ of WSGI: a POST with `body` as JSON, or else a GET."""
        sent = b"" if body is None else json.dumps(body).encode()
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET" if body is None else "POST",
            "PATH_INFO": f"/api/{path}",
            "HTTP_HOST": HOST,
            "HTTP_ACCEPT": "application/json",
            "HTTP_COOKIE": cookie,
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(sent)),
            "sent": sent,
        }
        setup_testing_defaults(environ)
        return environ

    def send(self, environ: dict[str, Any]) -> Answer:
        answer = Answer()

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
            answer.status, answer.headers = status, headers

        made = self.handler({**environ, "wsgi.input": io.BytesIO(environ["sent"])}, start)
        answer.body = b"".join(made)
        made.close()
        return answer

    def products(self) -> list[Any]:
        """Those of the list, the newest first."""
        return list(self.send(self.request("products/")).json()["results"])

    def fill(self, products: list[Any]) -> tuple[str, Any]:
        """A new guest's basket with a piece of each: the cookie of its session, and itself."""
        cookie, basket = "", None
        for product in products:
            piece = {"url": product["url"], "quantity": 1}
            answer = self.send(self.request("basket/add-product/", cookie, piece))
            basket, cookie = answer.json(), cookie or session_of(answer)
        return cookie, basket


def session_of(answer: Answer) -> str:
    """The header that goes with the guest's next requests."""
    cookies: SimpleCookie = SimpleCookie()
    for name, value in answer.headers:
        if name.lower() == "set-cookie":
            cookies.load(value)
    return f"sessionid={cookies['sessionid'].value}"


def peer_list() -> Side:
    """The newest products, each with picture, price and availability."""
    visitor = peer()
    environ = visitor.request("products/")

    def titles(answer: Answer) -> list[str]:
        found = [each["title"] for each in answer.json()["results"]]
        assert len(found) == ROWS, found
        return found

    return Side(lambda: visitor.send(environ), titles)


def peer_detail() -> Side:
    """A product with its price and availability."""
    visitor = peer()
    environ = visitor.request(f"products/{visitor.products()[0]['id']}/")
    return Side(lambda: visitor.send(environ), lambda answer: [answer.json()["upc"]])


def peer_cart() -> Side:
    """The three lines of a guest's basket; its totals would be another request."""
    visitor = peer()
    cookie, basket = visitor.fill(visitor.products()[:3])
    environ = visitor.request(f"baskets/{basket['id']}/lines/", cookie)

    def products(answer: Answer) -> list[str]:
        found = [line["product"] for line in answer.json()]
        assert len(found) == 3, found
        return found

    return Side(lambda: visitor.send(environ), products)


def peer_add() -> Side:
    """One more piece of what is in the basket."""
    visitor = peer()
    product = visitor.products()[0]
    piece = {"url": product["url"], "quantity": 1}
    environs = cycle(
        [
            visitor.request("basket/add-product/", visitor.fill([product])[0], piece)
            for _ in range(CARTS)
        ]
    )
    return Side(lambda: visitor.send(next(environs)), lambda answer: [answer.json()["status"]])


def peer_checkout() -> Side:
    """A guest's basket of two lines ordered."""
    visitor = peer()
    products = visitor.products()[:2]
    waiting: list[Any] = []

    def prepare(times: int) -> None:
        for _ in range(times):
            cookie, basket = visitor.fill(products)
            order = {**ORDER, "basket": f"http://{HOST}/api/baskets/{basket['id']}/"}
            waiting.append(visitor.request("checkout/", cookie, order))

    def order() -> Answer:
        answer = visitor.send(waiting.pop())
        assert answer.status == "200 OK", (answer.status, answer.body)
        return answer

    return Side(order, lambda answer: [answer.json()["status"]], prepare)


PEER_SIDES: dict[str, Callable[[], Side]] = {
    side.__name__: side for side in (peer_list, peer_detail, peer_cart, peer_add, peer_checkout)
}
