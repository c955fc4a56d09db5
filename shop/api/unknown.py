"""What is not there, below `/api/`."""

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from shop.api.errors import NOTHING_HERE, problem_response


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponseBase:
    """A problem 404, also while debugging; a forgotten slash is added or asked for.

    Only reads are redirected: most clients turn a redirected POST into a GET.
    """
    if not lacks_slash(request.path_info):
        return problem_response(status=404, code="not_found", detail=str(NOTHING_HERE))
    slashed = request.get_full_path(force_append_slash=True)
    if request.method in ("GET", "HEAD"):
        return HttpResponsePermanentRedirect(slashed)
    detail = gettext("Add the slash at the end: {address}").format(address=slashed)
    return problem_response(status=404, code="not_found", detail=detail)


def lacks_slash(path: str) -> bool:
    """Whether there is something at the same path with a slash after it."""
    return not path.endswith("/") and resolve(f"{path}/").func is not unknown
