"""What stands beside the storefront and every browser and crawler asks for.

The deployment puts the files into the site's bucket; a laptop has no bucket, hence the view.
"""

import mimetypes
from pathlib import Path

from django.http import HttpRequest, HttpResponse

FOLDER = Path(__file__).with_name("files")
FILES = ("favicon.ico", "robots.txt")


def site_file(request: HttpRequest, name: str) -> HttpResponse:
    """One of FILES, for an hour: nobody's, and seldom changed."""
    return HttpResponse(
        (FOLDER / name).read_bytes(),
        content_type=mimetypes.guess_type(name)[0],
        headers={"Cache-Control": "public, max-age=3600"},
    )
