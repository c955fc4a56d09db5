"""Is what was deployed alive? A few requests that change nothing."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from infrastructure.errors import DeploymentError

DEADLINE = 60.0  # seconds: DNS and the API's deployment take a moment
PAUSE = 1.0


def smoke_test(base: str, headers: Mapping[str, str]) -> float:
    """Ask the shop at `base` (no slash at its end); milliseconds of a warm product list.

    Raises DeploymentError if it does not answer as it should.
    """
    if expect(f"{base}/api/v1/health/", headers) != {"status": "ok"}:
        raise DeploymentError(f"{base}/api/v1/health/ does not say that it is well.")
    products = f"{base}/api/v1/products/"
    if "results" not in expect(products, headers):
        raise DeploymentError(f"{products} is no list of products.")
    started = time.perf_counter()
    expect(products, headers)
    return 1000 * (time.perf_counter() - started)


def expect(url: str, headers: Mapping[str, str]) -> Any:
    """The JSON at `url`, within a minute."""
    deadline = time.monotonic() + DEADLINE
    while True:
        try:
            # Only ever the address of the API that was just deployed.
            request = urllib.request.Request(url, headers=dict(headers))  # noqa: S310
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.load(answer)
        except (OSError, ValueError) as error:
            if time.monotonic() > deadline:
                raise DeploymentError(
                    f"{url} does not answer: {error}. See the log group of the function."
                ) from error
        time.sleep(PAUSE)
