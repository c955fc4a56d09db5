"""What `test_later` imports late."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def one(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse(number)


addresses = [path("<int:number>/", one, name="one")]
