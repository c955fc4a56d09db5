"""The address that customers know the shop by, and its parts."""

import re
from typing import NamedTuple

FORM = re.compile(
    r"(https?)://([a-z0-9.-]+|\[[a-f0-9:.]+\])(:[0-9]{1,5})?((?:/[\w.~-]+)*)", re.IGNORECASE
)
PORTS = {"https": "443", "http": "80"}


class PublicUrl(NamedTuple):
    """`host` as ALLOWED_HOSTS has it, `port` with its colon or empty, `path` without the last /."""

    scheme: str
    host: str
    port: str
    path: str

    def environ(self) -> dict[str, str]:
        """What a WSGI server would say of a request that came to this address."""
        return {
            "wsgi.url_scheme": self.scheme,
            "HTTP_HOST": self.host + self.port,
            "SERVER_NAME": self.host,
            "SERVER_PORT": self.port[1:] or PORTS[self.scheme],
        }


def parse(url: str) -> PublicUrl | None:
    """None for none, and for what is no such address: `manage.py check` says so."""
    found = FORM.fullmatch(url)
    if found is None:
        return None
    scheme, host, port, path = found.groups(default="")
    return PublicUrl(scheme.lower(), host.lower(), port, path)
