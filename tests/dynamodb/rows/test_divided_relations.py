"""Deleting in parts what belongs together by inheritance: see `dynamodb.collecting`."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.migrations.operations import CreateModel
from django.db.models.signals import post_delete

from dynamodb import bulk
from tests.dynamodb.app.models import Answer, Post, Remark
from tests.dynamodb.engine import connection
from tests.dynamodb.moving import APP, Project, project

pytestmark = pytest.mark.usefixtures("tables")


def key() -> Any:
    return models.IntegerField(primary_key=True)


@pytest.fixture
def library() -> Iterator[Project]:
    """An author, who is a person; 120 letters to the person, 120 books by the author. Somebody
    wants to know of each that is deleted."""
    with project() as made:
        made.create("Person", id=key(), name=models.TextField(default="N"))
        made.run(CreateModel("Author", [("pen", models.TextField())], bases=(f"{APP}.person",)))
        made.run(CreateModel("Alias", [], bases=(f"{APP}.person",), options={"proxy": True}))
        made.create("Letter", id=key(), to=models.ForeignKey(f"{APP}.Person", models.CASCADE))
        made.create("Book", id=key(), by=models.ForeignKey(f"{APP}.Author", models.CASCADE))
        made["Author"].objects.create(id=1, pen="P")
        bulk.load(made["Letter"](id=n, to_id=1) for n in range(120))
        bulk.load(made["Book"](id=n, by_id=1) for n in range(120))
        kinds = [made["Letter"], made["Book"]]
        for kind in kinds:
            post_delete.connect(listen, sender=kind)
        yield made
        for kind in kinds:
            post_delete.disconnect(listen, sender=kind)


def listen(**kwargs: Any) -> None:
    pass


def left(library: Project) -> dict[str, int]:
    names = ("Person", "Author", "Letter", "Book")
    return {name: library[name].objects.count() for name in names}


def test_what_refers_to_the_parent_goes_before_the_child(library: Project) -> None:
    assert library["Author"].objects.get().delete()[0] == 242
    assert left(library) == {"Person": 0, "Author": 0, "Letter": 0, "Book": 0}


def test_children_of_a_parent(library: Project) -> None:
    assert library["Person"].objects.get().delete()[0] == 242
    assert left(library) == {"Person": 0, "Author": 0, "Letter": 0, "Book": 0}


def test_by_a_proxy(library: Project) -> None:
    assert library["Alias"].objects.get().delete()[0] == 242
    assert left(library) == {"Person": 0, "Author": 0, "Letter": 0, "Book": 0}


def test_parents_that_are_kept(library: Project) -> None:
    assert library["Author"].objects.get().delete(keep_parents=True)[0] == 121
    assert left(library) == {"Person": 1, "Author": 0, "Letter": 120, "Book": 0}


def test_an_update_of_children_by_what_their_parents_say(library: Project) -> None:
    """Both are one row: nothing of others is read."""
    author = library["Author"]
    for n in range(2, 122):
        author.objects.create(id=n, pen="P")
    assert author.objects.filter(name="N").update(pen="Q", name="N") == 121
    assert author.objects.filter(pen="Q").count() == 121


# Generic relations --------------------------------------------------------------------------


@pytest.fixture
def post(tables: None) -> Iterator[Post]:
    """With 150 remarks. Each that goes is told of."""
    kind = ContentType(id=7, app_label="engine", model="post")  # whose table is another database's
    ContentType.objects._add_to_cache(connection.alias, kind)  # type: ignore[attr-defined]
    made = Post.objects.create()
    bulk.load(Remark(kind_id=7, number=str(made.pk)) for _ in range(150))
    post_delete.connect(listen, sender=Remark)
    post_delete.connect(listen, sender=Answer)
    yield made
    post_delete.disconnect(listen, sender=Remark)
    post_delete.disconnect(listen, sender=Answer)
    ContentType.objects.clear_cache()


def test_remarks_alone(post: Post) -> None:
    assert post.delete() == (151, {"engine.Remark": 150, "engine.Post": 1})
    assert Remark.objects.count() == 0


def test_remarks_go_before_what_they_are_about(post: Post) -> None:
    """Also where it is found again, as what an answer refers to."""
    Answer.objects.create(post=post)
    expected = {"engine.Remark": 150, "engine.Answer": 1, "engine.Post": 1}
    assert post.delete() == (152, expected)
    assert (Remark.objects.count(), Post.objects.count()) == (0, 0)
