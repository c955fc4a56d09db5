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
STYLE, FACES = FOLDER / "style.css", Path(__file__).with_name("fonts.css")
#: At the root, since it sees what is below it, and without a version: browsers look for a new one.
WORKER = Path(__file__).with_name("worker.js")
FOREVER = "public, max-age=31536000, immutable"
#: A comment such as /* @home … */ begins a section of the style.
PARTS = r"/\* @(\w+)[^*]*\*/\n"
#: Of which pages what is inside, besides the base.
INSIDE = {
    "home": ("tile", "cards", "home"),
    "list": ("tile", "cards"),
    "product": ("tile", "product"),
}
QUOTED = r"""["'`](\w+)["'`]"""
#: Rules for what nobody can do before the file is there.
LATER = r"[^{}]*(?::hover|:active|::backdrop|aria-busy|aria-disabled)[^{}]*\{[^{}]*\}"
IMPORTED = r"""(?m)^(?:import|\} from|import .* from) "\./(\w+)\.js";"""
COMMENTS = r"(?s)/\*.*?\*/\s*"
KINDS = (".js", ".css", ".woff2", ".webp", ".svg", ".txt")


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
def style(kind: str) -> str:
    """What stands inside of a page: all that is seen of it first, so that nothing is waited for.

    The whole style is a file that follows, and is there already on the next page.
    """
    parts = re.split(PARTS, STYLE.read_text())
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    chosen = "".join(sections[name] for name in ("base", *INSIDE.get(kind, ())))
    return (
        re.sub(COMMENTS, "", FACES.read_text() + re.sub(LATER, "", chosen))
        .replace("url(fonts/", f"url({address()}fonts/")
        .strip()
    )


@cache
def with_imports(module: str) -> tuple[str, ...]:
    """The module and all that it loads, in a fixed order."""
    found, open_ = set[str](), [module]
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += re.findall(IMPORTED, source(name))
    return tuple(sorted(found))


@cache
def words_of(module: str) -> frozenset[str]:
    """What stands in quotes in the module and all that it loads, the names of words among it."""
    return frozenset(re.findall(QUOTED, "".join(map(source, with_imports(module)))))


def source(module: str) -> str:
    return (FOLDER / "js" / f"{module}.js").read_text()


def content_type(name: str) -> str:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return "text/javascript" if kind == "application/javascript" else kind
