"""Styles, modules, font and pictures: one folder, named by what is in it.

So a browser keeps them for good, and a new version is another address. Modules name each
other by relative paths, hence one name for all.
"""

import hashlib
import mimetypes
import re
from functools import cache
from pathlib import Path

from django.conf import settings

FOLDER = Path(__file__).with_name("assets")
STYLE = FOLDER / "style.css"
FOREVER = "public, max-age=31536000, immutable"
COMMENTS = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
KINDS = (".js", ".woff2", ".webp", ".svg", ".txt")


@cache
def files() -> dict[str, Path]:
    """What browsers fetch, by its path below the folder."""
    found = sorted(path for path in FOLDER.rglob("*") if path.suffix in KINDS)
    return {path.relative_to(FOLDER).as_posix(): path for path in found}


@cache
def version() -> str:
    """Twelve letters that change with any file."""
    digest = hashlib.sha256()
    for name, path in files().items():
        digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def address(name: str = "") -> str:
    """Where browsers find the file, or the folder: below the shop's own path, if it has one."""
    return f"{settings.FORCE_SCRIPT_NAME or ''}/assets/{version()}/{name}"


@cache
def style() -> str:
    """The style of all pages, which stands inside of each: one round trip less."""
    return COMMENTS.sub("", STYLE.read_text()).replace("url(fonts/", f"url({address()}fonts/")


def content_type(name: str) -> str:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return "text/javascript" if kind == "application/javascript" else kind
