"""Requests that meet a conflict: run again from their beginning, or refused with a 409."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import F
from django.http import HttpResponse
from django.test import AsyncClient, Client, override_settings

from dynamodb import bulk, conflicts
from dynamodb.middleware import NOTHING_DONE, PARTLY_DONE
from dynamodb.patience import tries_left
from tests.cart.races import at_once
from tests.dynamodb.app.models import Doctor, Item, Maker
from tests.dynamodb.engine import connection
from tests.dynamodb.guards import crowd
from tests.dynamodb.shifts import scene

AGAIN = "dynamodb.middleware.ConflictMiddleware"
VIEWS = "tests.dynamodb.shifts"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
COMMITS: dict[str, Callable[[], Any]] = {
    "insert": lambda: Maker.objects.create(name="Acme"),
    "transaction": lambda: bulk_of_two(),
    "addition": lambda: Item.objects.filter(pk="MUG").update(stock=F("stock") + 1),
    "batch": lambda: bulk.load([Item(sku="PEN")]),
}


def bulk_of_two() -> None:
    with transaction.atomic():
        Maker.objects.create(name="Acme")
        Maker.objects.create(name="Bell")


@pytest.fixture(autouse=True)
def ground(tables: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Ada is there, with no shift; requests go through the middleware and sessions."""
    monkeypatch.setattr(conflicts, "BASE_DELAY", 0.0001)
    Doctor.objects.create(name="Ada", ward="A")
    Item.objects.create(sku="MUG")
    scene.rivals, scene.calls, scene.before = 1, 0, lambda: None
    with override_settings(
        ROOT_URLCONF=VIEWS,
        MIDDLEWARE=[AGAIN, SESSIONS],
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    ):
        yield


def post(address: str, **form: Any) -> HttpResponse:
    response: Any = Client(raise_request_exception=False).post(address, form)
    return response


def shifts() -> int:
    return int(Doctor.objects.get(pk="Ada").shifts)


def test_it_is_run_again() -> None:
    """GIVEN somebody else who adds 10 between reading and writing, WHEN one is added, THEN both
    are counted."""
    response = post("/save_shift/")

    assert (response.status_code, response.content) == (200, b"11")
    assert (scene.calls, shifts()) == (2, 11)


def test_a_safe_request_too() -> None:
    response = Client().get("/save_shift/")

    assert (response.status_code, scene.calls, shifts()) == (200, 2, 11)


def test_without_it_the_conflict_is_a_500() -> None:
    with override_settings(MIDDLEWARE=[SESSIONS]):
        assert post("/save_shift/").status_code == 500

    assert (scene.calls, shifts()) == (1, 10)


def test_four_who_read_the_same() -> None:
    """All four read before the first of them commits."""
    with crowd("UpdateItem", 4):
        responses = at_once(*[partial(post, "/count/")] * 4)

    assert [response.status_code for response in responses] == [200] * 4
    assert shifts() == 4


def test_the_attempt_before_leaves_nothing() -> None:
    """The form and its file are read anew; session, header and mark are as they came."""
    response = post("/note/", name="Ada", file=SimpleUploadedFile("a.txt", b"words"))

    assert response.content == b"no session, no mark, no header, Ada, words"
    assert scene.calls == 2


def test_a_body_that_the_view_reads_itself() -> None:
    response = Client().post("/read/", b"words", content_type="text/plain")

    assert (response.content, scene.calls) == (b"words", 2)


@override_settings(MIDDLEWARE=[AGAIN, f"{VIEWS}.keeping"])
def test_what_other_middleware_keeps_is_of_the_last_attempt() -> None:
    """As SessionMiddleware does, it takes the attempt that is thrown away for a fault."""
    assert post("/save_shift/").status_code == 200

    assert [maker.name for maker in Maker.objects.all()] == ["2"]


def test_when_its_tries_are_used_up() -> None:
    scene.rivals = conflicts.ATTEMPTS

    response = post("/save_shift/")

    assert (response.status_code, response.content.decode()) == (409, NOTHING_DONE)
    assert (response["Retry-After"], response["Content-Type"]) == ("1", "text/plain")
    assert (scene.calls, shifts()) == (conflicts.ATTEMPTS, 10 * conflicts.ATTEMPTS)


@pytest.mark.parametrize("way", COMMITS)
def test_what_has_committed_something_is_not_run_again(way: str) -> None:
    scene.before = COMMITS[way]

    response = post("/save_shift/")

    assert (response.status_code, response.content.decode()) == (409, PARTLY_DONE)
    assert "Retry-After" not in response
    assert (scene.calls, shifts()) == (1, 10)


def test_all_of_a_view_in_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """With ATOMIC_REQUESTS nothing is committed before the view is through."""
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    scene.before = COMMITS["insert"]

    assert post("/save_shift/").status_code == 200

    assert (scene.calls, shifts(), Maker.objects.count()) == (2, 11, 1)


def test_an_asynchronous_view() -> None:
    response: Any = async_to_sync(AsyncClient().post)("/wait_for_shift/")

    assert (response.status_code, scene.calls, shifts()) == (200, 2, 11)


def test_what_an_asynchronous_view_has_committed() -> None:
    scene.before = COMMITS["insert"]

    response: Any = async_to_sync(AsyncClient().post)("/wait_for_shift/")

    assert (response.status_code, scene.calls, shifts()) == (409, 1, 10)


def test_a_function_of_the_view_that_is_partly_done() -> None:
    """GIVEN a view that has a decorated function, WHEN that cannot be run again, THEN nor can
    the view."""
    scene.before = COMMITS["insert"]

    response = post("/save_by_function/")

    assert (response.status_code, response.content.decode()) == (409, PARTLY_DONE)
    assert (scene.calls, shifts()) == (1, 10)


def test_a_write_that_changed_nothing_is_none() -> None:
    scene.before = lambda: Item.objects.filter(pk="CUP").update(stock=F("stock") + 1)

    assert post("/save_shift/").status_code == 200


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000)
def test_a_body_that_is_too_large_to_be_kept() -> None:
    """A file that Django takes, and that is not read before the view asks for it. Single
    statements of the view have their own tries, as without the middleware."""
    tries: list[Any] = []
    scene.before = lambda: tries.append(tries_left())

    response = post("/note/", name="Ada", file=SimpleUploadedFile("a.txt", b"x" * 2000))

    assert (response.status_code, response.content.decode()) == (409, NOTHING_DONE)
    assert (scene.calls, shifts(), tries) == (1, 10, [None])


@override_settings(MIDDLEWARE=[AGAIN, f"{VIEWS}.in_one_transaction"])
def test_a_conflict_at_the_commit_of_another_middleware_is_not_seen() -> None:
    """Django makes a 500 of it before anybody else is asked."""
    assert post("/save_shift/").status_code == 500

    assert (scene.calls, shifts()) == (1, 10)


def test_other_errors_are_left_alone() -> None:
    assert post("/fail/").status_code == 500

    assert scene.calls == 1


@override_settings(MIDDLEWARE=[SESSIONS, AGAIN])
def test_it_comes_before_sessions() -> None:
    with pytest.raises(ImproperlyConfigured, match="comes before SessionMiddleware"):
        Client().post("/count/")


def test_a_length_that_is_no_number() -> None:
    """GIVEN a header on which Django reads no body WHEN the view wants none THEN it is run."""
    scene.rivals = 0
    response = Client().generic("POST", "/save_shift/", b"", CONTENT_LENGTH="many")

    assert (response.status_code, response.content, scene.calls) == (200, b"1", 1)
