"""Who counts as one, of those who come from the network."""

import ipaddress

from django.http import HttpRequest
from rest_framework.request import Request

#: A household or a server has all of it, and could count anew with each request.
IPV6_PREFIX = 64


def network_of(address: str) -> str:
    """What to count an address under: an IPv4 address itself, of IPv6 its /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    mapped = parsed.ipv4_mapped
    if mapped is not None:
        return str(mapped)
    return str(ipaddress.ip_network((parsed.packed, IPV6_PREFIX), strict=False))


def network_of_request(request: HttpRequest | Request) -> str:
    """Of who sent it; empty where no address is known."""
    return network_of(request.META.get("REMOTE_ADDR", ""))
