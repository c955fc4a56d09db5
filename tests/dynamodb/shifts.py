"""Views that count a doctor's shifts by reading, adding and saving, and somebody who is faster."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import path

from dynamodb.conflicts import retrying
from tests.cart.races import at_once
from tests.dynamodb.app.models import Doctor, Maker


class Scene:
    """What the views meet: somebody else, who is faster `rivals` times."""

    rivals = 1
    calls = 0
    before: Callable[[], Any] = staticmethod(lambda: None)


scene = Scene()


def save_shift(request: HttpRequest) -> HttpResponse:
    """Read, modify, write; somebody else does the same in between."""
    scene.calls += 1
    scene.before()
    with transaction.atomic():
        doctor = Doctor.objects.select_for_update().get(pk="Ada")
        if scene.calls <= scene.rivals:
            at_once(lambda: Doctor.objects.filter(pk="Ada").update(shifts=F("shifts") + 10))
        doctor.shifts += 1
        doctor.save()
    return HttpResponse(f"{doctor.shifts}")


def count(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        doctor = Doctor.objects.select_for_update().get(pk="Ada")
        doctor.shifts += 1
        doctor.save()
    return HttpResponse("counted")


def note(request: Any) -> HttpResponse:
    """What an attempt finds of the one before, and of the form."""
    found = [
        request.session.get("known", "no session"),
        getattr(request, "mark", "no mark"),
        request.META.get("MARK", "no header"),
        request.POST["name"],
        request.FILES["file"].read().decode(),
    ]
    request.session["known"], request.mark, request.META["MARK"] = "session", "mark", "header"
    save_shift(request)
    return HttpResponse(", ".join(found))


def read(request: HttpRequest) -> HttpResponse:
    words = request.read()
    save_shift(request)
    return HttpResponse(words)


async def wait_for_shift(request: HttpRequest) -> HttpResponse:
    return await sync_to_async(save_shift)(request)


def save_by_function(request: HttpRequest) -> HttpResponse:
    return retrying(save_shift)(request)


def fail(request: HttpRequest) -> HttpResponse:
    scene.calls += 1
    raise ValueError("not the database's")


def keeping(get_response: Any) -> Any:
    """A middleware that keeps something of each answer that is no fault of the server."""

    def run(request: HttpRequest) -> Any:
        response = get_response(request)
        if response.status_code < 500:
            Maker.objects.create(name=f"{scene.calls}")
        return response

    return run


def in_one_transaction(get_response: Any) -> Any:
    """A middleware whose transaction is committed after the view."""

    def run(request: HttpRequest) -> Any:
        with transaction.atomic():
            return get_response(request)

    return run


views: list[Any] = [save_shift, count, note, read, wait_for_shift, save_by_function, fail]
urlpatterns = [path(f"{view.__name__}/", view) for view in views]
