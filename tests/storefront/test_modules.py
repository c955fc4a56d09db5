"""The modules are typed by the API's own schema, and say no word that there is not."""

import re
import subprocess
from pathlib import Path

import pytest

from shop.localaws.install import ROOT
from storefront import assets
from storefront.rendering import MODULES, said_by_modules
from storefront.texts import LANGUAGES, texts_of
from tests.contract import typescript

SCRIPTS = assets.FOLDER / "js"
SAID = re.compile(r"""\bsay\(\s*["'](\w+)["']""")


@pytest.mark.parametrize("kind", MODULES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_word_that_is_said_is_there(kind: str, language: str) -> None:
    known = said_by_modules(texts_of(language), kind).keys()
    sources = map(assets.source, assets.with_imports(MODULES[kind]))
    said = {name for source in sources for name in SAID.findall(source)}
    assert said - known == set()


def test_the_style_is_whole() -> None:
    """Each section by itself: what stands inside of a page is cut out of it."""
    for section in assets.PARTS.split(assets.STYLE.read_text())[2::2]:
        assert section.count("{") == section.count("}"), section[:80]


def test_the_languages_have_the_same_words() -> None:
    """With the same values in them."""
    first, *others = (shape(language) for language in LANGUAGES)
    assert first and all(other == first for other in others)


def test_a_page_s_own_words_take_what_the_common_ones_take() -> None:
    """It stands for the common one of its name, and the module that says it knows no page."""
    words = shape(LANGUAGES[0])
    common = {key.partition(".")[2]: values for key, values in words.items() if "common." in key}
    for key, values in words.items():
        name = key.partition(".")[2]
        assert (key, values) == (key, common.get(name, values))


def shape(language: str) -> dict[str, list[str]]:
    words = {}
    for room, texts in texts_of(language).items():
        for name, text in texts.items():
            parts = [text] if isinstance(text, str) else list(text.values())
            words[f"{room}.{name}"] = sorted(
                {each for p in parts for each in re.findall(r"\{\w+\}", p)}
            )
    return words


def test_what_a_module_loads() -> None:
    assert assets.with_imports("list") == ("api", "basket", "list", "page")
    assert assets.with_imports("checkout") == (
        *("address", "api", "basket", "checkout", "form", "lines", "page", "session"),
    )


def test_types(tmp_path: Path) -> None:
    """tsc --checkJs --strict, against types made from the schema of the API."""
    if not typescript.is_installed():
        pytest.skip("the storefront's types are not proven: `make test` installs the compiler")
    packages = typescript.FOLDER / "node_modules"
    front = tmp_path / "storefront"
    (front / "types").mkdir(parents=True)
    (front / "assets").mkdir()
    (front / "assets" / "js").symlink_to(SCRIPTS)
    (front / "tsconfig.json").write_text((ROOT / "storefront" / "tsconfig.json").read_text())
    schema, types = ROOT / "docs" / "openapi.yaml", front / "types" / "api.d.ts"
    generator = packages / "openapi-typescript" / "bin" / "cli.js"
    run("node", generator, schema, "--output", types)
    run("node", packages / "typescript" / "bin" / "tsc", "--project", front, "--preserveSymlinks")


def run(*command: object) -> None:
    done = subprocess.run(
        [str(each) for each in command], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
