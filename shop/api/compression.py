"""Which answers are compressed here: what no cache keeps, and nobody can be made to ask for.

Whoever sees how long a compressed answer is, and can put text of his own into it, guesses a
secret beside that text letter by letter (BREACH, https://www.breachattack.com). So never:

* pages: they hold a form's secret, and say who has signed in;
* answers to a request with a session, whose cookie a browser may send along on another site's
  behalf. Tokens and secrets in headers are sent only by who knows them;
* answers to a request that changes something, since tokens and secrets are made there; a cart's
  lines are the exception, whose answers are long and hold none.

What shared caches may keep is CloudFront's to compress, once for all.
"""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from shop.api.errors import below_api

AT_LEAST = 1024  # bytes; below, the packet is not fuller for it
SAFE_METHODS = {"GET", "HEAD"}
WITHOUT_SECRETS = re.compile(r"/api/v1/cart/lines/.*")
DATA = re.compile(r"application/([\w.]+\+)?json|application/(vnd\.oai\.openapi|yaml)")


class CompressionMiddleware:
    """Must stand outside of all that sets cookies, of what stores answers, and of FormatMiddleware.

    Compressed answers leave Lambda in base64, and API Gateway turns them back for whom it has seen
    an Accept of. Without one, as on the catalogue's paths, they would arrive as letters.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response, self.gzip = get_response, GZipMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        arrives = "HTTP_ACCEPT" in request.META
        response = self.get_response(request)
        if arrives and is_long(response) and may_be_compressed(request, response):
            return self.gzip.process_response(request, response)
        return response


def is_long(response: HttpResponseBase) -> bool:
    return not response.streaming and len(getattr(response, "content", b"")) > AT_LEAST


def may_be_compressed(request: HttpRequest, response: HttpResponseBase) -> bool:
    asked_safely = request.method in SAFE_METHODS or WITHOUT_SECRETS.fullmatch(request.path_info)
    return bool(
        below_api(request)
        and asked_safely
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not response.cookies
        and "public" not in response.get("Cache-Control", "")
        and DATA.match(response.get("Content-Type", ""))
    )
