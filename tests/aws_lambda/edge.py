"""CloudFront as infrastructure/template.yaml makes it, in front of API Gateway and the function.

What each policy sends on: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/
controlling-origin-requests.html and using-managed-origin-request-policies.html there.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.aws_lambda.gateway import Answer, Event, Request, answer_of, recorded, rest_api
from tests.infrastructure.templates import distribution, parsed, resources

HOST = "shop.test"
ADDRESS = f"https://{HOST}"
VIEWER = "203.0.113.7"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-38738e2966ac"  # Managed-AllViewerExceptHostHeader
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(
    NODE is None, reason="NO NODE HERE: CloudFront's function is not tried"
)
ANSWER_EACH_LINE = """
require("readline").createInterface({input: process.stdin}).on("line", function (line) {
  console.log(JSON.stringify(handler(JSON.parse(line))));
});
"""


def behaviour_of(path: str) -> dict[str, Any]:
    """The first that matches: `*` is any number of characters, `?` is one."""
    config = distribution()
    for behaviour in config["CacheBehaviors"]:
        pattern = re.escape(behaviour["PathPattern"]).replace(r"\*", ".*").replace(r"\?", ".")
        if re.fullmatch(pattern, path):
            found: dict[str, Any] = behaviour
            return found
    default: dict[str, Any] = config["DefaultCacheBehavior"]
    return default


class Function:
    """A CloudFront function of the template, run by node until it is closed."""

    def __init__(self, name: str, **parameters: str):
        code = resources()[name]["Properties"]["FunctionCode"]
        for parameter, declared in parsed()["Parameters"].items():
            value = parameters.get(parameter, str(declared.get("Default", "")))
            code = code.replace(f"${{{parameter}}}", value)
        self.process = subprocess.Popen(
            [str(NODE), "-e", code + ANSWER_EACH_LINE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, headers: Mapping[str, str], query: str = "") -> dict[str, str]:
        """The headers after it, their names in lower case as CloudFront has them."""
        assert self.process.stdin and self.process.stdout
        given = {name.lower(): {"value": value} for name, value in headers.items()}
        asked = {name: {"value": value} for name, value in parse_qsl(query)}
        event = {"request": {"headers": given, "querystring": asked}}
        self.process.stdin.write(json.dumps(event) + "\n")
        self.process.stdin.flush()
        made = json.loads(self.process.stdout.readline())["headers"]
        return {name: each["value"] for name, each in made.items()}

    def close(self) -> None:
        with self.process:
            pass  # it ends with its input, which leaving closes


class Edge:
    """`function` is the template's Viewer, or None where there is no node to run it."""

    def __init__(
        self, handler: Callable[[Event, Any], Any], function: Function | None, country: str = "DE"
    ):
        self.handler, self.function, self.country = handler, function, country

    def send(
        self,
        method: str,
        address: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        viewer: str = VIEWER,
    ) -> Answer:
        """The shop's answer. `address`: a path, or a link that must not lead anywhere else."""
        parts = urlsplit(address)
        assert (parts.scheme or "https", parts.netloc or HOST) == ("https", HOST), address
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        request = Request(method, target, headers or {}, body)
        behaviour = behaviour_of(request.path)
        assert behaviour["TargetOriginId"] in {"api", "site-or-api"}, address
        assert method in behaviour.get("AllowedMethods", {"GET", "HEAD"}), (method, address)
        return answer_of(self.handler(self.event(request, behaviour, viewer), None))

    def event(self, request: Request, behaviour: Mapping[str, Any], viewer: str) -> Event:
        """The one that the function gets. CloudFront's own address is in the recorded one."""
        event = recorded("edge")
        cloudfront = event["requestContext"]["identity"]["sourceIp"]
        sent = {"Accept": "*/*", "Accept-Encoding": "br,gzip", **request.all_headers}
        made = self.at_the_edge(sent, behaviour, urlsplit(request.target).query)
        invented = made.pop("x-forwarded-for", "")
        passed = {name: value for name, value in made.items() if passes(name, behaviour)}
        passed["x-forwarded-for"] = ", ".join(filter(None, (invented, viewer, cloudfront)))
        passed["x-api-key"] = event["requestContext"]["identity"]["apiKey"]
        titled = {name.title(): value for name, value in passed.items()}
        for every, value in ((event["headers"], str), (event["multiValueHeaders"], lambda x: [x])):
            recorded_ones = {name.title(): each for name, each in every.items()}
            every.clear()
            every |= recorded_ones | {name: value(each) for name, each in titled.items()}
        return rest_api(event, Request(request.method, request.target, {}, request.body))

    def at_the_edge(
        self, headers: Mapping[str, str], behaviour: Mapping[str, Any], query: str
    ) -> dict[str, str]:
        """The viewer's headers and CloudFront's own, after the viewer-request function."""
        made = {name.lower(): value for name, value in headers.items()}
        if "cloudfront-viewer-country" in named_in_policies(behaviour):
            made["cloudfront-viewer-country"] = self.country
        return self.function(made, query) if self.function and has_function(behaviour) else made


class KeepingEdge(Edge):
    """One that keeps what it may, for good: by the path, the query, and the headers in the key."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kept: dict[Any, Answer] = {}

    def send(
        self,
        method: str,
        address: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        viewer: str = VIEWER,
    ) -> Answer:
        parts = urlsplit(address)
        key = self.key(parts.path, parts.query, headers or {})
        if key not in self.kept:
            answer = super().send(method, address, body, headers, viewer)
            if not answer.headers["Cache-Control"].startswith("public"):
                return answer
            self.kept[key] = answer
        return self.kept[key]

    def key(self, path: str, query: str, headers: Mapping[str, str]) -> Any:
        behaviour = behaviour_of(path)
        made = self.at_the_edge(headers, behaviour, query)
        named = headers_of_key(behaviour)
        return path, query, tuple((name, made.get(name)) for name in named)


def headers_of_key(behaviour: Mapping[str, Any]) -> list[str]:
    """Those of the viewer that tell its copies apart, in lower case; compression aside."""
    policy = resources()[behaviour["CachePolicyId"]]["Properties"]["CachePolicyConfig"]
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    return [name.lower() for name in key["HeadersConfig"]["Headers"]]


def has_function(behaviour: Mapping[str, Any]) -> bool:
    arns = [each["FunctionARN"] for each in behaviour.get("FunctionAssociations", ())]
    return arns == ["Viewer.FunctionMetadata.FunctionARN"]


def named_in_policies(behaviour: Mapping[str, Any]) -> set[str]:
    """The headers that its cache key and its origin request policy name, in lower case."""
    names: set[str] = set()
    for policy in (behaviour["CachePolicyId"], behaviour.get("OriginRequestPolicyId", "")):
        properties = resources().get(policy, {}).get("Properties", {})
        for config in properties.values():
            key = config.get("ParametersInCacheKeyAndForwardedToOrigin", config)
            names |= {name.lower() for name in key["HeadersConfig"].get("Headers", ())}
            if key.get("EnableAcceptEncodingGzip"):
                names.add("accept-encoding")
    return names


def passes(name: str, behaviour: Mapping[str, Any]) -> bool:
    """Whether a header goes to the origin."""
    if behaviour.get("OriginRequestPolicyId") == ALL_BUT_HOST:
        return name != "host"
    return name in named_in_policies(behaviour)
