"""The apps' words in other languages: `make texts` takes what is marked in the code into each
app's locale/<language>/LC_MESSAGES/django.po, and compiles that. docs/texts.md has the rest.

By Babel, which needs no GNU gettext. Both files are committed: nothing is compiled to run the shop.
"""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
ENGLISH = "en"  # what stands in the code
APPS = (
    "backoffice", "bodies", "cart", "catalog", "customers", "limits", "mails", "orders", "outbox",
    "payments", "pricing", "shop", "storefront",
)  # fmt: skip
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


class Texts(Catalog):
    """A catalogue without dates and names in its header: git knows them."""

    @property  # type: ignore[misc]  # nothing sets it
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale)),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Plural-Forms", self.plural_forms),
        ]


def catalogue(app: str, language: str) -> Texts:
    """What the app's code and templates have marked, with what is known of it in the language."""
    made, known = Texts(locale=language, header_comment="", fuzzy=False), committed(app, language)
    for file in sources(ROOT / app):
        code = io.BytesIO(as_python(file).encode())
        for _, text, _, context in extract("python", code, keywords=KEYWORDS):
            found = known.get(text, context)
            made.add(
                text,
                found.string if found else None,
                locations=[(str(file.relative_to(ROOT)), 0)],
                flags=found.flags if found else (),
                context=context,
            )
    return made


def committed(app: str, language: str) -> Catalog:
    """The .po file as it is; empty where there is none yet."""
    file = path_of(app, language)
    return read_po(io.BytesIO(file.read_bytes() if file.exists() else b""), locale=language)


def sources(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        if file.suffix == ".py" or (file.suffix in {".html", ".txt"} and "templates" in file.parts):
            yield file


def as_python(file: Path) -> str:
    """A template as Django lays it out for extraction, Python as it is."""
    from django.utils.translation.template import templatize

    text = file.read_text()
    return text if file.suffix == ".py" else templatize(text, origin=str(file))


def path_of(app: str, language: str) -> Path:
    return ROOT / app / "locale" / language / "LC_MESSAGES" / "django.po"


def written(texts: Catalog) -> bytes:
    """The .po file."""
    stream = io.BytesIO()
    write_po(stream, texts, width=100, include_lineno=False)
    return stream.getvalue()


def compiled(texts: Catalog) -> bytes:
    """The .mo file."""
    stream = io.BytesIO()
    write_mo(stream, texts)
    return stream.getvalue()


def languages() -> list[str]:
    """Those of the shop that have catalogues."""
    from django.conf import settings

    return [code for code, _ in settings.LANGUAGES if code != ENGLISH]


def write(app: str, language: str) -> None:
    """Both files anew; none for an app that has marked nothing."""
    texts = catalogue(app, language)
    if not len(texts):
        return
    file = path_of(app, language)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(written(texts))
    file.with_suffix(".mo").write_bytes(compiled(texts))


def main() -> None:
    for language in languages():
        for app in APPS:
            write(app, language)


if __name__ == "__main__":
    import django

    django.setup()
    main()
