"""What API Gateway answers by itself, in the shape of the shop's errors (shop/api/errors.py)."""

import json
from http import HTTPStatus
from typing import Any

# By API Gateway's name of what happened: status, code, and what to do.
REFUSALS = {
    "BAD_REQUEST_BODY": (400, "invalid", "The body is not JSON, or not as the schema says."),
    "INVALID_API_KEY": (403, "not_here", "This is not the shop's address: use its own."),
    "MISSING_AUTHENTICATION_TOKEN": (404, "not_found", "There is nothing here."),
    "RESOURCE_NOT_FOUND": (404, "not_found", "There is nothing here."),
    "REQUEST_TOO_LARGE": (
        413,
        "too_large",
        "The request is too large: none may have more than 4.7 MB, pictures included.",
    ),
    "THROTTLED": (429, "throttled", "Too many requests: wait a second, then try again."),
    "INTEGRATION_FAILURE": (502, "unavailable", "The shop did not answer: try again."),
    "INTEGRATION_TIMEOUT": (504, "timeout", "The shop took too long: try again."),
}
# Whatever else: their status is API Gateway's, and its templates cannot say it.
OTHERS = {
    "DEFAULT_4XX": ("refused", "The request was refused."),
    "DEFAULT_5XX": ("server_error", "Something went wrong here; trying again is safe."),
}
HEADERS = {
    "Content-Type": "application/problem+json",
    "Content-Language": "en",
    "Cache-Control": "no-store",
}


def gateway_responses() -> list[dict[str, Any]]:
    """Arguments of PutGatewayResponse, but for the API's id."""
    return [
        *(response(name, status, *text) for name, (status, *text) in REFUSALS.items()),
        *(response(name, None, *text) for name, text in OTHERS.items()),
    ]


def title(status: int) -> str:
    """As in `shop.api.errors`: RFC 9110's phrase, where Python's before 3.13 are older."""
    return "Content Too Large" if status == 413 else HTTPStatus(status).phrase


def response(name: str, status: int | None, code: str, detail: str) -> dict[str, Any]:
    headers = HEADERS | ({"Retry-After": "1"} if name == "THROTTLED" else {})
    problem: dict[str, Any] = {"type": "about:blank"}
    if status:
        problem |= {"title": title(status), "status": status}
    problem |= {"detail": detail, "code": code}
    if name == "BAD_REQUEST_BODY":
        problem["errors"] = {"non_field_errors": ["$context.error.validationErrorString"]}
    return {
        "responseType": name,
        **({"statusCode": str(status)} if status else {}),
        "responseParameters": {
            f"gatewayresponse.header.{header}": f"'{value}'" for header, value in headers.items()
        },
        "responseTemplates": {"application/json": json.dumps(problem)},
    }
