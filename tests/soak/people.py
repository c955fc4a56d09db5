"""Somebody at the public address, who looks at every answer that they get."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from random import Random
from typing import Any
from urllib.parse import urljoin, urlsplit

from botocore.exceptions import ClientError
from django.contrib.staticfiles import finders

from tests.aws_lambda.edge import HOST, Edge, behaviour_of
from tests.aws_lambda.gateway import Answer
from tests.soak.journal import Journal, kind_of
from tests.soak.stack import Stack

# A POST alone is answered there, or who asks has to be somebody: they are used, not followed.
USED = ("/api/v1/cart/", "/api/v1/checkout/", "/api/v1/orders/", "/api/v1/auth/token/")


@dataclass
class World:
    """Where all live, until `until` (of time.monotonic). `pace` stretches all pauses."""

    edge: Edge
    journal: Journal
    stack: Stack
    seed: int
    until: float
    pace: float = 1.0
    pictures: set[str] = field(default_factory=set)

    @property
    def running(self) -> bool:
        return time.monotonic() < self.until


class Person:
    role = "person"
    haste = 1.0  # how much quicker than others

    def __init__(self, world: World, name: str, place: int):
        self.world, self.journal, self.name = world, world.journal, name
        self.rng = Random(f"{world.seed} {name}")
        self.viewer = f"203.0.113.{place % 250 + 1}"

    def live(self) -> None:
        """Whatever this person does, until the world ends. An exception is a fault."""
        self.think(8)  # not all at once
        while self.world.running:
            try:
                self.act()
            except Exception as error:
                self.journal.fault(f"{self.name}: {type(error).__name__}: {error}"[:600])
                self.think(5)

    def act(self) -> None:
        raise NotImplementedError

    def think(self, seconds: float) -> None:
        """About so long, and no longer than the world lasts."""
        pause = self.rng.uniform(0.4, 1.6) * seconds * self.world.pace / self.haste
        time.sleep(max(0.0, min(pause, self.world.until - time.monotonic())))

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    # Requests -------------------------------------------------------------------------------

    def send(
        self, method: str, address: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer; one of 500 and above, or a 429, is a fault."""
        started = time.perf_counter()
        answer = self.world.edge.send(method, address, body, headers, self.viewer)
        took = time.perf_counter() - started
        kind = f"{method} {kind_of(address)}"
        self.journal.answered(self.role, kind, answer.status, took)
        if answer.status >= 500 or answer.status == 429:
            self.journal.fault(f"{answer.status} for {self.name}: {kind}: {answer.text[:300]}")
        return answer

    # Links ----------------------------------------------------------------------------------

    def check_link(self, link: str, found_on: str) -> str:
        """Whether it leads to the public host, and there to something; the origin."""
        parts = urlsplit(urljoin(f"https://{HOST}/", link))
        if (parts.scheme, parts.netloc) != ("https", HOST):
            self.journal.fault(f"{found_on} leads to another host: {link}")
            return "elsewhere"
        origin = str(behaviour_of(parts.path)["TargetOriginId"])
        if origin in {"images", "static"}:
            found = self.is_there(origin, parts.path)
            self.journal.led(parts.path, "200" if found else "404")
            if not found:
                self.journal.fault(f"{found_on} leads to nothing: {link}")
        return origin

    def is_there(self, origin: str, path: str) -> bool:
        if origin == "static":
            return has_static(path.removeprefix("/static/"))
        key = path.removeprefix("/images/")
        if key not in self.world.pictures:
            try:
                self.world.stack.s3.head_object(Bucket=self.world.stack.images, Key=key)
            except ClientError:
                return False
            self.world.pictures.add(key)
        return True

    def follow(self, link: str, found_on: str, headers: Mapping[str, str]) -> Answer:
        """The answer, which must be 2xx or 3xx."""
        self.check_link(link, found_on)
        answer = self.send("GET", link, headers=headers)
        self.journal.led(link, str(answer.status))
        if not 200 <= answer.status < 400:
            self.journal.fault(f"{link} on {found_on} answered {answer.status} to {self.name}")
        return answer


@lru_cache(maxsize=1000)
def has_static(path: str) -> bool:
    return finders.find(path) is not None


class Links(HTMLParser):
    """What a page leads to: `pages` to go to, `parts` that it is made of, `forms` to be sent."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pages: set[str] = set()
        self.parts: set[str] = set()
        self.forms: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        where = {"a": (self.pages, "href"), "form": (self.forms, "action")}
        found, attribute = where.get(tag, (self.parts, "href" if tag == "link" else "src"))
        link = known.get(attribute) or ""
        if link and not link.startswith(("#", "javascript:", "data:", "mailto:")):
            found.add(link)


def addresses_in(value: Any) -> list[str]:
    """All that is an address, at any depth of an answer."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [address for each in value for address in addresses_in(each)]
    return [value] if isinstance(value, str) and "://" in value else []
