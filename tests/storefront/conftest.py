import os
import uuid
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.endtoend.deployment import Deployment
from tests.storefront import chromium
from tests.storefront.visits import Visit

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1366, "height": 900}


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, provisioned: None) -> Iterator[Deployment]:
    """A shop of its own with a part of the sample; a worker takes its orders."""
    name = f"front-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}-{uuid.uuid4().hex[:6]}"
    shop = Deployment(name, tmp_path_factory.mktemp("logs"))
    bucket = shop.env["SHOP_IMAGE_BUCKET"]
    shop.env["SHOP_IMAGE_BASE_URL"] = f"{os.environ['AWS_ENDPOINT_URL']}/{bucket}/"
    shop.prepare("tests.storefront.prepare")
    with shop.workers(1):
        yield shop


@pytest.fixture(scope="session")
def base(shop: Deployment) -> Iterator[str]:
    """Where the storefront is."""
    with shop.server() as port:
        yield f"http://localhost:{port}"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Gone with its tests: where its loop runs, Django's models refuse to work."""
    with sync_playwright() as playwright:
        yield playwright


def launch(playwright: Playwright, **options: object) -> Browser:
    found = chromium.find()
    if found is None:
        pytest.skip("the storefront in a browser is not proven: there is no Chromium")
    # As root, which CI is, Chromium has no sandbox.
    args = ["--no-sandbox"]
    return playwright.chromium.launch(executable_path=found, args=args, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture
def service_workers() -> str:
    """Whether visitors have the shop's worker: "allow" is for the files of tests that need it.

    While it takes over a page, what the page asks goes past the test's own answers.
    """
    return "block"


@pytest.fixture
def visits(browser: Browser, base: str, service_workers: str) -> Iterator[Callable[..., Visit]]:
    """`visits(context=…)` opens a tab of a new visitor, or of one that is there.

    At the end no tab's console has said anything.
    """
    made: list[Visit] = []
    contexts: list[BrowserContext] = []

    def visit(*, context: BrowserContext | None = None, **options: object) -> Visit:
        if context is None:
            given = {
                "viewport": DESK,
                "locale": "en-US",
                "service_workers": service_workers,
                **options,
            }
            context = browser.new_context(**given)  # type: ignore[arg-type]  # options as they come
            contexts.append(context)
        made.append(Visit(context.new_page(), base))
        return made[-1]

    yield visit
    faults = [fault for each in made for fault in each.faults]
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def visit(visits: Callable[..., Visit]) -> Visit:
    """One tab of one visitor at a desk."""
    return visits()
