"""A browser at the shop's public address: cookies, redirects, forms."""

import re
from collections.abc import Callable, Mapping, Sequence
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin

from tests.aws_lambda.gateway import Answer

PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
Fields = Mapping[str, str] | Sequence[tuple[str, str]]
LINK = re.compile(r"""(?:href|src|action)=["']([^"']*)["']""")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Browser:
    """`send` takes method, address, body and headers, and refuses addresses of another host."""

    def __init__(self, send: Callable[..., Answer], start: str):
        self.send, self.address = send, start
        self.cookies: dict[str, SimpleCookie] = {}

    def get(self, address: str) -> Answer:
        """The page at an address, or at a link of the page that is shown, after redirects."""
        return self.go("GET", urljoin(self.address, address))

    def post(self, address: str, **fields: str) -> Answer:
        """The page's form, with its token; what it leads to."""
        return self.go("POST", urljoin(self.address, address), fields)

    def go(self, method: str, address: str, fields: Fields | None = None) -> Answer:
        origin = "/".join(address.split("/")[:3])
        headers = {"Accept": PAGE, "Cookie": self.cookie()}
        if fields is not None:
            headers |= {"Origin": origin, "Referer": self.address}
        body = None if fields is None else urlencode(fields)
        answer = self.send(method, address, body, headers)
        for text in answer.cookies:
            for name in (cookie := SimpleCookie(text)):
                self.cookies[name] = cookie
        self.address = address
        if answer.status in {301, 302}:
            return self.go("GET", urljoin(address, answer.headers["Location"]))
        return answer

    def cookie(self) -> str:
        pairs = ((name, each[name]) for name, each in self.cookies.items())
        return "; ".join(f"{name}={morsel.value}" for name, morsel in pairs if morsel.value)

    def sign_in(self, page: Answer, name: str, password: str) -> Answer:
        """Fill in the login form that is shown, and send it to where it says."""
        (token,) = set(TOKEN.findall(page.text))
        action = re.search(r'<form action="([^"]*)" method="post"', page.text)
        hidden = re.search(r'name="next" value="([^"]*)"', page.text)
        return self.post(
            unescape(action[1]) if action else self.address,
            username=name,
            password=password,
            csrfmiddlewaretoken=token,
            next=unescape(hidden[1]) if hidden else "",
        )


def links(page: Answer) -> set[str]:
    """What a page leads to, but for places in itself and scripts."""
    found = {unescape(each) for each in LINK.findall(page.text)}
    return {each for each in found if not each.startswith(("#", "javascript:", "data:"))} - {""}
