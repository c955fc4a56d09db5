"""The apps' words in other languages are whole, and what is compiled is what is written."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from django.apps import apps

from infrastructure import texts
from infrastructure.texts import APPS, ROOT, catalogue, compiled, languages, path_of, written

PLACEHOLDER = re.compile(r"\{\w*\}|%\(\w+\)[a-z]|%[sd]|</?\w+|\\n")


@pytest.fixture(params=languages())
def language(request: pytest.FixtureRequest) -> str:
    named: str = request.param
    return named


def messages(app: str, language: str) -> Iterator[Message]:
    return (message for message in catalogue(app, language) if message.id)


def forms(text: Any) -> tuple[str, ...]:
    """Singular and plural, or the one that there is."""
    return tuple(text) if isinstance(text, list | tuple) else (text,)


@pytest.mark.parametrize("app", APPS)
def test_it_is_in_step(app: str, language: str) -> None:
    """With the code, and compiled. When it fails: `make texts`."""
    made, file = catalogue(app, language), path_of(app, language)
    assert file.exists() is (len(made) > 0)
    if file.exists():
        assert file.read_bytes() == written(made)
        assert file.with_suffix(".mo").read_bytes() == compiled(made)


@pytest.mark.parametrize("app", APPS)
def test_nothing_lacks_its_words(app: str, language: str) -> None:
    missing = [message.id for message in messages(app, language) if not all(forms(message.string))]
    fuzzy = [message.id for message in messages(app, language) if message.fuzzy]
    assert (missing, fuzzy) == ([], [])


@pytest.mark.parametrize("app", APPS)
def test_placeholders_agree(app: str, language: str) -> None:
    """And the tags of HTML, and a line's breaks."""
    wrong = [
        message.id
        for message in messages(app, language)
        for ours, theirs in zip(forms(message.id), forms(message.string), strict=True)
        if sorted(PLACEHOLDER.findall(ours)) != sorted(PLACEHOLDER.findall(theirs))
    ]
    assert wrong == []


def test_one_text_has_one_translation(language: str) -> None:
    """Django takes the first that it finds, of whichever app."""
    found: dict[Any, set[Any]] = defaultdict(set)
    for app in APPS:
        for message in messages(app, language):
            found[message.context, forms(message.id)].add(forms(message.string))
    assert {text: words for text, words in found.items() if len(words) > 1} == {}


def test_each_app_of_ours_is_known() -> None:
    """Those with words must be installed, or Django does not find them."""
    ours = {each.name for each in apps.get_app_configs() if Path(each.path).parent == ROOT}
    assert set(APPS) == ours - {"dynamodb"}


def test_an_unfinished_text_is_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """GIVEN one that is new, one that is fuzzy, and one that is marked no more."""
    (tmp_path / "app" / "templates").mkdir(parents=True)
    (tmp_path / "app" / "code.py").write_text('_("new")\nngettext("{n} old", "{n} olds", 2)\n')
    (tmp_path / "app" / "templates" / "a.txt").write_text('{% load i18n %}{% translate "fuzzy" %}')
    monkeypatch.setattr(texts, "ROOT", tmp_path)
    file = path_of("app", "de")
    file.parent.mkdir(parents=True)
    file.write_text(
        '#, fuzzy\nmsgid "fuzzy"\nmsgstr "unklar"\n\nmsgid "gone"\nmsgstr "weg"\n\n'
        'msgid "{n} old"\nmsgid_plural "{n} olds"\nmsgstr[0] "{n} alte"\nmsgstr[1] "{n} alten"\n'
    )
    texts.write("app", "de")
    assert [(each.id, each.string, each.fuzzy) for each in messages("app", "de")] == [
        ("new", "", False),
        (("{n} old", "{n} olds"), ("{n} alte", "{n} alten"), False),
        ("fuzzy", "unklar", True),
    ]
    assert "gone" not in file.read_text()
