"""Is what was deployed alive? A few requests, which leave nothing but an empty cart."""

import time
from collections.abc import Mapping
from typing import Any

from infrastructure.errors import DeploymentError
from infrastructure.purchase import API, Shop

DEADLINE = 60.0  # seconds: DNS and the API's deployment take a moment
PAUSE = 1.0


def smoke_test(base: str, headers: Mapping[str, str], public: str) -> float:
    """Ask the shop at `base` (no slash at its end); milliseconds of a warm product list.

    `public` is the address that its links must have: they are followed. Raises DeploymentError
    if it does not answer as it should.
    """
    shop = Shop(base, headers, public=public)
    if expect(shop, "GET", "health/") != {"status": "ok"}:
        raise DeploymentError(f"{base}{API}health/ does not say that it is well.")
    links = expect(shop, "GET", "")
    products, _ = shop.follow(links["products"])
    if "results" not in products:
        raise DeploymentError(f"{links['products']} is no list of products.")
    # One a page: two products are enough for a link to the next.
    page, _ = shop.send("GET", "products/?page_size=1")
    if page["next"]:
        shop.follow(page["next"])
    # Money settings that are wrong show here first. The cart expires by itself.
    if "token" not in expect(shop, "POST", "cart/"):
        raise DeploymentError(f"{base}{API}cart/ opens no cart.")
    _, took = shop.send("GET", "products/")
    return took


def expect(shop: Shop, method: str, path: str) -> Any:
    """The answer's JSON, within a minute."""
    deadline = time.monotonic() + DEADLINE
    while True:
        try:
            answer, _ = shop.send(method, path)
            return answer
        except DeploymentError as error:
            if time.monotonic() > deadline:
                raise DeploymentError(
                    f"{error.message}\nSee the log group of the function."
                ) from error
        time.sleep(PAUSE)
