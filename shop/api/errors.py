"""Every error of the API in one shape: RFC 9457 problem details."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from rest_framework import exceptions
from rest_framework.renderers import BrowsableAPIRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

from shop.api.renderers import JSONRenderer

CONTENT_TYPE = "application/problem+json"
NOTHING_HERE = _("There is nothing here.")
#: What to do, where the libraries' own words say only what is wrong; by code.
ADVICE = {
    "not_acceptable": _("Ask for application/json, or for text/html."),
    "unsupported_media_type": _("Send JSON, with Content-Type: application/json."),
    "method_not_allowed": _("The header Allow has those that are."),
    "token_not_valid": _("Renew it at /api/v1/auth/token/refresh/, or sign in again."),
    "no_active_account": _("Check name and password."),
    "not_authenticated": _("Send Authorization: Bearer, with a token of /api/v1/auth/token/."),
}
#: HTTP's own phrases (RFC 9110) for the statuses in use; any other stays in English.
TITLES = {
    400: _("Bad Request"),
    401: _("Unauthorized"),
    403: _("Forbidden"),
    404: _("Not Found"),
    405: _("Method Not Allowed"),
    406: _("Not Acceptable"),
    409: _("Conflict"),
    413: _("Content Too Large"),
    415: _("Unsupported Media Type"),
    422: _("Unprocessable Content"),
    429: _("Too Many Requests"),
    500: _("Internal Server Error"),
    503: _("Service Unavailable"),
}


def problem(*, status: int, code: str, detail: str, errors: Any = None) -> dict[str, Any]:
    """The body of an error answer.

    `code` is for programs, `detail` a sentence for people, `errors` a list of
    sentences by the name of the field that caused them.
    """
    body = {
        "type": "about:blank",
        "title": str(TITLES.get(status, HTTPStatus(status).phrase)),
        "status": status,
        "detail": detail,
        "code": code,
    }
    return body if errors is None else {**body, "errors": errors}


def problem_response(**parts: Any) -> JsonResponse:
    """A problem as a plain Django answer, for middleware and for Django's own handlers."""
    return JsonResponse(problem(**parts), status=parts["status"], content_type=CONTENT_TYPE)


def handle_exception(exc: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's EXCEPTION_HANDLER: what it would answer, as a problem.

    JSON also where a view renders something else (the schema is YAML), except that the
    browsable API shows the problem on a page.
    """
    response = exception_handler(exc, context)
    if response is None:
        return None
    response.data = describe(exc, response)
    request = context["request"]
    if not isinstance(getattr(request, "accepted_renderer", None), BrowsableAPIRenderer):
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = JSONRenderer.media_type
        response.content_type = CONTENT_TYPE
    return response


def describe(exc: Exception, response: Response) -> dict[str, Any]:
    status = response.status_code
    if isinstance(exc, exceptions.ValidationError):
        errors = exc.detail if isinstance(exc.detail, dict) else {"non_field_errors": exc.detail}
        return problem(
            status=status,
            code=exc.default_code,
            detail=gettext("The request is not valid; see errors for the fields at fault."),
            errors=errors,
        )
    detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
    codes = exc.get_codes() if isinstance(exc, exceptions.APIException) else None
    # simplejwt's errors are dicts, with their code in the data.
    code = codes if isinstance(codes, str) else coded(response.data, exc)
    if status == 404 and not isinstance(exc, exceptions.APIException):
        code, detail = "not_found", detail or NOTHING_HERE
    if code in ADVICE:
        detail = f"{str(detail).rstrip('.')}. {ADVICE[code]}"  # the libraries' may have no point
    return problem(status=status, code=code, detail=str(detail))


def coded(data: Any, exc: Exception) -> str:
    code = data.get("code") if isinstance(data, dict) else None
    return str(code or getattr(exc, "default_code", "error"))


def below_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not below_api(request):
        return defaults.bad_request(request, exception)
    detail = gettext("The request is malformed.")
    return problem_response(status=400, code="bad_request", detail=detail)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not below_api(request):
        return defaults.page_not_found(request, exception)
    return problem_response(status=404, code="not_found", detail=str(NOTHING_HERE))
