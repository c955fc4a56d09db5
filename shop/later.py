"""Addresses whose views are imported when they are first wanted.

A customer waits while Lambda starts a process: it loads neither the admin, nor the API's
description, nor what reads passwords and tokens, until somebody asks for them.
"""

from typing import Any

from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils.functional import cached_property
from django.utils.module_loading import import_string


class later(URLResolver):
    """`include()` of a list of addresses by its dotted name, under a namespace of its own.

    Without a namespace any `reverse()` would have to look into it. It holds no other namespace.
    """

    def __init__(self, route: str, addresses: str, namespace: str):
        pattern = RoutePattern(route, is_endpoint=False)
        super().__init__(pattern, addresses, app_name=namespace, namespace=namespace)
        self.addresses = addresses

    @cached_property
    def url_patterns(self) -> Any:
        return import_string(self.addresses)

    def _populate(self) -> None:
        """Asked by the resolver above before it names anything: names in a namespace are looked
        up in `url_patterns`, and not here."""


def import_all(resolver: URLResolver | None = None) -> None:
    """What waits, at once: where a process is kept as it is and started many times."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            import_all(each)
