from django.http import HttpRequest, HttpResponse
from django.urls import path
from waffle.decorators import waffle_flag, waffle_switch

from tests.thirdparty.urls import urlpatterns as admin


@waffle_flag("beta")
def beta(request: HttpRequest) -> HttpResponse:
    return HttpResponse("beta")


@waffle_switch("sale")
def sale(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sale")


urlpatterns = [*admin, path("beta/", beta), path("sale/", sale)]
