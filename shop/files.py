"""Static files and pictures at the shop's own address, out of S3: for a stage without a CDN."""

import mimetypes
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from storages.backends.s3 import S3Storage

LINK_SECONDS = 3600


@require_safe
def static_file(request: HttpRequest, name: str) -> FileResponse:
    """As the deployment has put it there. Itself, and no link: a style names its pictures by
    where it came from."""
    try:
        file = bucket(settings.STATIC_BUCKET, "static").open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    kind, _encoding = mimetypes.guess_type(name)
    return FileResponse(
        file,
        content_type=kind or "application/octet-stream",
        headers={"Cache-Control": "public, max-age=3600"},
    )


@require_safe
def image(request: HttpRequest, name: str) -> HttpResponse:
    """A link to it that holds for an hour: Lambda answers with 6 MB at most."""
    answer = HttpResponseRedirect(bucket(settings.IMAGE_BUCKET).url(name))
    answer["Cache-Control"] = f"private, max-age={LINK_SECONDS // 2}"
    return answer


def bucket(name: str, folder: str = "") -> "S3Storage":
    """A bucket, or what is below a folder of it and nothing beside that.

    Imported with the first file: boto3 takes a tenth of a second to.
    """
    from storages.backends.s3 import S3Storage

    return S3Storage(
        bucket_name=name,
        location=folder,
        region_name=settings.AWS_REGION,
        signature_version="s3v4",
        querystring_expire=LINK_SECONDS,
    )
