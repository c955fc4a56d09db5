"""A phone that visits a page: how it is slowed, and what is read off it.

Chromium on a phone of 360 x 740 at 2x, its CPU slowed four times, 1.6 Mbit/s and 150 ms, nothing
cached. kB are 1,000 bytes as they were sent, without pictures, with what a page fetches until 2.5 s
after it was loaded. "task" is Chromium's TaskDuration, "blocking" what tasks took over 50 ms.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.storefront.chromium import find

SCREEN = {"width": 360, "height": 740}
SLOWER = 4
LATENCY, DOWN = 150, 1_600_000 / 8  # milliseconds, bytes a second
QUIET = 2_500  # milliseconds after load in which the page goes on
WATCH = """
window.seen = {lcp: 0, element: "", blocking: 0, shift: 0};
const named = (each) => {
  const element = each.element;
  if (!element) return each.url || "gone";
  const text = element.currentSrc || each.url || element.textContent.trim().slice(0, 60);
  return `${element.tagName.toLowerCase()} ${text}`;
};
new PerformanceObserver(list => {
  const last = list.getEntries().at(-1);
  Object.assign(seen, {lcp: last.startTime, element: named(last)});
}).observe({type: "largest-contentful-paint", buffered: true});
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


@dataclass(frozen=True)
class Visit:
    """Figures by name, in milliseconds and kB; `largest` is the element that LCP means."""

    figures: dict[str, float]
    largest: str


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        try:
            yield found
        finally:
            found.close()


def visit(browser: Browser, address: str) -> Visit:
    """One cold visit."""
    context = browser.new_context(viewport=SCREEN, device_scale_factor=2, is_mobile=True)  # type: ignore[arg-type]  # Playwright's TypedDict
    try:
        page = context.new_page()
        page.add_init_script(WATCH)
        tools = context.new_cdp_session(page)
        slow_down(tools)
        page.goto(address, wait_until="load")
        page.wait_for_timeout(QUIET)
        return read(page, tools)
    finally:
        context.close()


def slow_down(tools: CDPSession) -> None:
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


def read(page: Page, tools: CDPSession) -> Visit:
    told = tools.send("Performance.getMetrics")["metrics"]
    metrics = {each["name"]: each["value"] for each in told}
    seen = page.evaluate("seen")
    figures = {
        "kB": page.evaluate(SENT) / 1000,
        "FCP": page.evaluate(FIRST),
        "LCP": seen["lcp"],
        "CLS": seen["shift"],
        "task": metrics["TaskDuration"] * 1000,
        "blocking": seen["blocking"],
    }
    return Visit(figures, seen["element"])
