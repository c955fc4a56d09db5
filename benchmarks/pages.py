"""`python -m benchmarks.pages http://localhost:8000`: what the storefront's pages cost a phone.

Chromium on a phone of 360 x 740 at 2x, its CPU slowed four times, 1.6 Mbit/s and 150 ms, nothing
cached, the median of five; between it and the shop stands what compresses as CloudFront does. The
conditions are those of the figures that docs/storefront.md compares with. Needs Playwright, which
`make test` installs, and Chromium.
"""

import gzip
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.storefront.chromium import find

PATHS = {"home": "/", "category": "/categories/kitchen/", "product": "/products/harbour-mug/"}
RUNS = 5
SLOWER = 4
LATENCY, DOWN = 150, 1_600_000 / 8  # milliseconds, bytes a second
QUIET = 2_500  # milliseconds after load in which the page goes on
COMPRESSED = ("text/", "application/json", "image/svg")
WATCH = """
window.seen = {lcp: 0, blocking: 0, shift: 0};
new PerformanceObserver(list => { seen.lcp = list.getEntries().at(-1).startTime; })
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => {
  for (const each of list.getEntries()) seen.blocking += Math.max(0, each.duration - 50);
}).observe({type: "longtask", buffered: true});
new PerformanceObserver(list => { for (const each of list.getEntries()) seen.shift += each.value; })
  .observe({type: "layout-shift", buffered: true});
"""
FIRST = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
SENT = """["resource", "navigation"].flatMap(kind => performance.getEntriesByType(kind))
  .filter(each => each.initiatorType !== "img" && !each.name.includes(".webp"))
  .reduce((sum, each) => sum + each.encodedBodySize, 0)"""


class Compressing(BaseHTTPRequestHandler):
    """Passes a GET on to the shop, and compresses what CloudFront would."""

    shop: str
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        accept = {"Accept": self.headers["Accept"]}
        asked = urllib.request.Request(self.shop + self.path, headers=accept)  # noqa: S310  ours
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310  a laptop's shop
                self.pass_on(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            self.pass_on(error.code, dict(error.headers), error.read())

    def pass_on(self, status: int, headers: dict[str, str], body: bytes) -> None:
        kind = headers.get("Content-Type", "")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", headers.get("Cache-Control", "no-store"))
        if kind.startswith(COMPRESSED):
            body = gzip.compress(body, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody wants to read it."""


@contextmanager
def compressing(shop: str) -> Iterator[str]:
    """Where the shop is found, as if behind CloudFront."""
    handler = type("Handler", (Compressing,), {"shop": shop.rstrip("/")})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()


def visit(browser: Browser, address: str) -> dict[str, float]:
    """One cold visit's figures, in milliseconds and kB."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, device_scale_factor=2, is_mobile=True
    )
    page = context.new_page()
    page.add_init_script(WATCH)
    tools = context.new_cdp_session(page)
    tools.send("Performance.enable")
    tools.send("Network.enable")
    line = {
        "offline": False,
        "latency": LATENCY,
        "uploadThroughput": DOWN,
        "downloadThroughput": DOWN,
    }
    tools.send("Network.emulateNetworkConditions", line)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load")
    page.wait_for_timeout(QUIET)
    metrics = {
        each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]
    }
    seen = page.evaluate("seen")
    found = {
        "kB": page.evaluate(SENT) / 1000,
        "FCP": page.evaluate(FIRST),
        "LCP": seen["lcp"],
        "CLS": seen["shift"],
        "task": metrics["TaskDuration"] * 1000,
        "blocking": seen["blocking"],
    }
    context.close()
    return found


def main(shop: str) -> None:
    with sync_playwright() as playwright, compressing(shop) as address:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        print(
            f"{'page':<10}"
            + "".join(f"{name:>10}" for name in ("kB", "FCP", "LCP", "CLS", "task", "blocking"))
        )
        for name, path in PATHS.items():
            runs = [visit(browser, address + path) for _ in range(RUNS)]
            figures = {key: median(run[key] for run in runs) for key in runs[0]}
            print(
                f"{name:<10}"
                + "".join(f"{figures[key]:>10.{3 if key == 'CLS' else 1}f}" for key in figures)
            )
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
