"""What Zappa's API lacks: routes whose bodies are checked before the function is called, a key
that only CloudFront has, answers of our own, logs, and limits per route.

Zappa makes `/` and `/{proxy+}`; what stands below `/api` is ours. Zappa never touches it, each
deployment of its API takes it along, and it goes when the API goes.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from infrastructure.errors import DeploymentError
from infrastructure.refusals import gateway_responses
from infrastructure.routes import JSON, Model, Route

VALIDATOR = "bodies"
KEY_HEADER = "x-api-key"
ANY = "ANY"
GREEDY = "{proxy+}"
OF_AWS = {"Empty", "Error"}  # models that each new API comes with
ALL = "*"  # in a stage's `throttle`: each route that is not named
# One JSON object a request. No address, header, query or body: no tokens, nobody's data.
LOG_FORMAT = {
    "time": "$context.requestTime",
    "request_id": "$context.requestId",
    "function_request_id": "$context.integration.requestId",
    "method": "$context.httpMethod",
    "route": "$context.resourcePath",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "milliseconds": "$context.responseLatency",
    "function_milliseconds": "$context.integrationLatency",
    "function_status": "$context.integration.status",
    "function_error": "$context.integration.error",
    "refused_as": "$context.error.responseType",
}

# A method as it should be: its model's name, or None.
Wanted = dict[tuple[str, str], str | None]


class Gateway:
    """One API and its stage. `client` is boto3's of API Gateway; `locked`: with CloudFront's key
    alone, or open to all where there is no CloudFront."""

    def __init__(self, client: Any, api: str, stage: str, *, locked: bool = True):
        self.client, self.api, self.stage, self.locked = client, api, stage, locked

    def publish(self, routes: Sequence[Route]) -> None:
        """Exactly these routes, deployed. Safe to repeat; changes only what differs."""
        models = {route.model.name: route.model for route in routes if route.model}
        self.make_models(models)
        self.make_methods(wanted_methods(routes))
        for answer in gateway_responses():
            self.client.put_gateway_response(restApiId=self.api, **answer)
        self.client.create_deployment(restApiId=self.api, stageName=self.stage)
        self.drop_models(set(models))

    def settle(self, logs: str, limits: Mapping[str, Mapping[str, int]]) -> None:
        """Access logs to the log group `logs` (its ARN), and how many requests a route takes."""
        operations = [
            {"op": "replace", "path": path, "value": value}
            for path, value in [
                ("/accessLogSettings/destinationArn", logs),
                ("/accessLogSettings/format", json.dumps(LOG_FORMAT)),
                *throttles(limits),
            ]
        ]
        self.client.update_stage(
            restApiId=self.api, stageName=self.stage, patchOperations=operations
        )

    # Models --------------------------------------------------------------------------------

    def model_names(self) -> set[str]:
        pages = self.client.get_paginator("get_models").paginate(restApiId=self.api)
        return {model["name"] for page in pages for model in page["items"]}

    def make_models(self, models: Mapping[str, Model]) -> None:
        for name in sorted(set(models) - self.model_names()):
            self.client.create_model(
                restApiId=self.api, name=name, contentType=JSON, schema=models[name].schema
            )

    def drop_models(self, kept: set[str]) -> None:
        """Those of earlier schemas."""
        for name in sorted(self.model_names() - kept - OF_AWS):
            self.client.delete_model(restApiId=self.api, modelName=name)

    # Resources and methods -----------------------------------------------------------------

    def resources(self) -> dict[str, dict[str, Any]]:
        """By path, with their methods."""
        pages = self.client.get_paginator("get_resources")
        found = pages.paginate(restApiId=self.api, embed=["methods"])
        return {each["path"]: each for page in found for each in page["items"]}

    def make_methods(self, wanted: Wanted) -> None:
        there = self.resources()
        self.drop_others(there, wanted)
        self.set_lock_of_zappas_own(there)
        integration = integration_of(there[f"/{GREEDY}"]["resourceMethods"][ANY])
        validator = self.validator()
        for path in sorted({path for path, _ in wanted} - set(there)):  # parents first
            parent, _, part = path.rpartition("/")
            there[path] = self.client.create_resource(
                restApiId=self.api, parentId=there[parent or "/"]["id"], pathPart=part
            )
        for (path, verb), model in wanted.items():
            present = there[path].get("resourceMethods", {}).get(verb)
            if present and is_as_wanted(present, model, integration, self.locked):
                continue
            place = {"restApiId": self.api, "resourceId": there[path]["id"], "httpMethod": verb}
            if present:
                self.client.delete_method(**place)
            checked = {"requestValidatorId": validator, "requestModels": {JSON: model}}
            self.client.put_method(
                **place,
                authorizationType="NONE",
                apiKeyRequired=self.locked,
                **(checked if model else {}),
            )
            self.client.put_integration(**place, **integration)

    def drop_others(self, there: dict[str, dict[str, Any]], wanted: Wanted) -> None:
        """What is no longer a route, also out of `there`."""
        paths = {path for path, _ in wanted}
        for path in sorted(set(there) - {"/", f"/{GREEDY}"}, reverse=True):  # children first
            resource = there[path]
            if path not in paths:
                self.client.delete_resource(restApiId=self.api, resourceId=resource["id"])
                del there[path]
                continue
            for verb in resource.get("resourceMethods", {}):
                if (path, verb) not in wanted:
                    self.client.delete_method(
                        restApiId=self.api, resourceId=resource["id"], httpMethod=verb
                    )

    def set_lock_of_zappas_own(self, there: Mapping[str, Mapping[str, Any]]) -> None:
        """A key for Zappa's two methods as well: its own setting would make a key of its own."""
        value = str(self.locked).lower()
        for path in ("/", f"/{GREEDY}"):
            if bool(there[path]["resourceMethods"][ANY]["apiKeyRequired"]) != self.locked:
                self.client.update_method(
                    restApiId=self.api,
                    resourceId=there[path]["id"],
                    httpMethod=ANY,
                    patchOperations=[{"op": "replace", "path": "/apiKeyRequired", "value": value}],
                )

    def validator(self) -> str:
        """The id of the validator of bodies, made if it is not there."""
        found = self.client.get_request_validators(restApiId=self.api)["items"]
        for each in found:
            if each["name"] == VALIDATOR:
                return str(each["id"])
        made = self.client.create_request_validator(
            restApiId=self.api,
            name=VALIDATOR,
            validateRequestBody=True,
            validateRequestParameters=False,
        )
        return str(made["id"])


def wanted_methods(routes: Sequence[Route]) -> Wanted:
    """The routes themselves; for all else at and below each of their resources, ANY.

    AWS documents neither that a request whose path or verb no resource has goes up to
    `/{proxy+}`, nor that it does not. With ANY everywhere it need not.
    """
    wanted: Wanted = {}
    parents: set[str] = set()
    paths = {path for route in routes for path in prefixes(route.path)}
    for path in sorted(paths):
        wanted[path, ANY] = None
        parents.add(path.rpartition("/")[0])
    for parent in sorted(parents - {""}):
        # A resource has one child that is a variable, at most.
        if not any(is_variable(path) for path in paths if path.rpartition("/")[0] == parent):
            wanted[f"{parent}/{GREEDY}", ANY] = None
    return wanted | {
        (route.path, route.verb): route.model.name if route.model else None for route in routes
    }


def prefixes(path: str) -> Iterator[str]:
    """/a, /a/b, /a/b/c for /a/b/c."""
    made = ""
    for part in path.strip("/").split("/"):
        made += f"/{part}"
        yield made


def is_variable(path: str) -> bool:
    return path.rpartition("/")[2].startswith("{")


def integration_of(method: Mapping[str, Any]) -> dict[str, Any]:
    """How a method calls the function; routes of ours do it as Zappa's own. Empty if not at all."""
    made = method.get("methodIntegration")
    if not made:
        return {}
    return {
        "type": made["type"],
        "integrationHttpMethod": made["httpMethod"],
        "uri": made["uri"],
        "credentials": made["credentials"],
        "passthroughBehavior": made["passthroughBehavior"],
    }


def is_as_wanted(
    method: Mapping[str, Any], model: str | None, integration: Mapping[str, Any], locked: bool
) -> bool:
    present = (method.get("requestModels") or {}).get(JSON)
    return (
        present == model
        and bool(method["apiKeyRequired"]) == locked
        and integration_of(method) == integration
    )


def throttles(limits: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[str, str]]:
    """Paths and values of UpdateStage. Routes are named as in the documents: POST /api/v1/cart/."""
    for address, limit in limits.items():
        method = "/*/*" if address == ALL else method_path(address)
        yield f"{method}/throttling/rateLimit", str(limit["requests_per_second"])
        yield f"{method}/throttling/burstLimit", str(limit["burst"])


def method_path(address: str) -> str:
    """POST /api/v1/cart/ as a JSON pointer's part: /~1api~1v1~1cart/POST."""
    verb, path = address.split(" ")
    return f"/{path.rstrip('/').replace('/', '~1')}/{verb}"


def check_limits(limits: Mapping[str, Any], routes: Sequence[Route]) -> None:
    """Raises DeploymentError for a limit of a route that there is not."""
    known = {route.address for route in routes}
    for address in sorted(set(limits) - known - {ALL}):
        raise DeploymentError(
            f"The stage limits {address}, which is no route: name one of "
            f"{', '.join(sorted(known))}, or {ALL} for those not named."
        )
