"""The admin's pages in a browser: forms filled in and sent, what the shop says to it."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urljoin

from tests.aws_lambda.browser import Browser
from tests.aws_lambda.edge import ADDRESS
from tests.aws_lambda.gateway import Answer
from tests.backoffice.browser import Inputs
from tests.conftest import PASSWORD
from tests.soak.people import Links, Person, World

MESSAGES = re.compile(r'<ul class="messagelist">(.*?)</ul>', re.DOTALL)
MESSAGE = re.compile(r'<li class="(\w+)">(.*?)</li>', re.DOTALL)
TAGS = re.compile(r"<[^>]+>")
MOST_OF_A_KIND = 2  # times that one address of the admin is followed, by all together


@dataclass
class Reply:
    """What came of a form: the page it led to, between two moments of time.monotonic."""

    page: Answer
    address: str
    began: float
    ended: float

    @property
    def said(self) -> list[tuple[str, str]]:
        """The messages at the top: kind and words."""
        found = MESSAGES.search(self.page.text)
        texts = MESSAGE.findall(found[1]) if found else []
        return [(kind, unescape(TAGS.sub("", text)).strip()) for kind, text in texts]

    def says(self, *words: str) -> str:
        """The first message that has one of these in it, or nothing."""
        return next((text for _, text in self.said if any(each in text for each in words)), "")

    @property
    def errors(self) -> list[str]:
        lists = re.findall(r'<ul class="errorlist[^"]*"[^>]*>(.*?)</ul>', self.page.text, re.DOTALL)
        return [unescape(TAGS.sub(" ", each)).strip() for each in lists]


class Staff(Person):
    """Somebody in the admin, with a session of their own."""

    haste = 2.0

    def __init__(self, world: World, name: str, place: int):
        super().__init__(world, name, place)
        self.browser = Browser(self.send, f"{ADDRESS}/")
        self.signed_in = False
        self.shown = ""  # the page that was opened last, and between which moments
        self.opened = (0.0, 0.0)

    def act(self) -> None:
        if not self.signed_in:
            page = self.browser.get("/admin/")
            page = self.browser.sign_in(page, self.name, PASSWORD)
            assert page.status == 200 and "Log out" in page.text, page.text[:300]
            self.signed_in = True
        self.work()
        self.think(2.5)

    def work(self) -> None:
        raise NotImplementedError

    def open(self, address: str) -> dict[str, list[str]]:
        """The largest form of a page, after a look at some of what the page leads to."""
        began = time.monotonic()
        page = self.browser.get(address)
        self.opened = began, time.monotonic()
        assert page.status == 200, f"{address} answered {page.status}"
        here, self.shown = self.browser.address, page.text
        self.look_around(page, here)
        self.browser.address = here
        return Inputs(page.text).largest

    def look_around(self, page: Answer, here: str) -> None:
        """Check all links; go to a few where nobody has been."""
        links = Links(page.text)
        for link in links.parts | links.forms:
            self.check_link(urljoin(here, link), here)
        new = []
        for link in sorted(links.pages):
            address = urljoin(here, link).split("#")[0]
            if self.check_link(address, here) in {"api", "site-or-api"}:
                new.append(address)
        self.rng.shuffle(new)
        for address in [each for each in new if self.journal.first_time(each, MOST_OF_A_KIND)][:2]:
            self.think(1)
            self.browser.address = here
            answer = self.browser.get(address)
            self.journal.led(address, str(answer.status))
            if not 200 <= answer.status < 400:
                self.journal.fault(f"{address} on {here} answered {answer.status} to {self.name}")

    def send_form(
        self, address: str, fields: dict[str, list[str]], button: str, times: int = 1
    ) -> list[Reply]:
        """Press the button, or press it twice; what each press led to."""
        pairs = [(name, value) for name, values in fields.items() for value in values]
        pairs.append((button, "Save"))
        here = self.browser.address

        def press(_number: int) -> Reply:
            browser = Browser(self.send, here)
            browser.cookies = dict(self.browser.cookies)
            began = time.monotonic()
            page = browser.go("POST", urljoin(here, address), pairs)
            return Reply(page, browser.address, began, time.monotonic())

        with ThreadPoolExecutor(times) as pool:
            replies = list(pool.map(press, range(times)))
        for reply in replies:
            if reply.page.status != 200:
                self.journal.fault(f"{self.name}: {address} answered {reply.page.status}")
        return replies

    def act_on(self, address: str, action: str, keys: list[str], times: int = 1) -> list[Reply]:
        """Tick these in a list, choose the action, press Go."""
        fields = self.open(address)
        fields = {name: values for name, values in fields.items() if not name.startswith("form-")}
        self.think(3)
        chosen: Any = {"action": [action], "index": ["0"], "_selected_action": keys}
        return self.send_form(address, fields | chosen, "_go", times)
