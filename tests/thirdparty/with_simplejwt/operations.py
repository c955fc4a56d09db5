"""simplejwt: tokens, and the list of those that are good no more."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import RefreshToken

from tests.thirdparty.operations import operation, page
from tests.thirdparty.people import PASSWORD, superuser, user
from tests.thirdparty.races import THREADS, statuses

# By their names: the stubs know them in a project that has them installed.
blacklist_app: Any = apps.get_app_config("token_blacklist")
BlacklistedToken: Any = blacklist_app.get_model("BlacklistedToken")
OutstandingToken: Any = blacklist_app.get_model("OutstandingToken")
kept: dict[str, str] = {}


def ask(address: str, **form: str) -> Any:
    client = Client(raise_request_exception=False)
    return client.post(address, form, content_type="application/json")


def rows() -> list[int]:
    return [OutstandingToken.objects.count(), BlacklistedToken.objects.count()]


@operation
def obtain() -> list[Any]:
    user("ada")
    answer = ask("/token/", username="ada", password=PASSWORD)
    kept["first"] = answer.json()["refresh"]
    return [answer.status_code, sorted(answer.json()), rows(), user("ada").last_login is not None]


@operation
def wrong_password() -> list[Any]:
    answer = ask("/token/", username="ada", password="guess")
    return [answer.status_code, answer.json(), rows()]


@operation
def refresh() -> list[Any]:
    answer = ask("/refresh/", refresh=kept["first"])
    kept["second"] = answer.json()["refresh"]
    return [answer.status_code, sorted(answer.json()), rows()]


@operation
def refresh_again() -> list[Any]:
    answer = ask("/refresh/", refresh=kept["first"])
    return [answer.status_code, answer.json(), rows()]


@operation
def verify() -> list[Any]:
    found = [ask("/verify/", token=kept[name]) for name in ("second", "first")]
    return [[each.status_code, each.json()] for each in found]


@operation
def blacklist() -> list[Any]:
    answer = ask("/blacklist/", refresh=kept["second"])
    return [answer.status_code, answer.json(), ask("/verify/", token=kept["second"]).status_code]


@operation
def blacklist_twice() -> list[Any]:
    token: Any = RefreshToken.for_user(user("ada"))
    first = token.blacklist()[1]
    return [first, token.blacklist()[1], rows()]


@operation
def checked() -> str:
    token: Any = RefreshToken.for_user(user("ada"))
    token.blacklist()
    try:
        type(token)(str(token))
    except TokenError as error:
        return str(error)
    return "good"


@operation
def all_of_a_user() -> list[Any]:
    for _ in range(3):
        RefreshToken.for_user(user("bob"))
    for token in OutstandingToken.objects.filter(user=user("bob")):
        BlacklistedToken.objects.get_or_create(token=token)
    return [BlacklistedToken.objects.filter(token__user=user("bob")).count(), rows()]


@operation
def sixteen_at_once() -> list[Any]:
    """The same token put on the list by all of them: it is there once, and none fails."""
    token = str(RefreshToken.for_user(user("cid")))
    found = statuses(lambda n: ask("/blacklist/", refresh=token))
    print("16 of one token:", dict(found))  # noqa: T201  into the log
    listed = BlacklistedToken.objects.filter(token__user=user("cid")).count()
    return [found[200] + found[401] + found[409] + found[400] == THREADS, listed]


@operation
def flush_expired() -> list[Any]:
    long_ago = timezone.now() - timedelta(days=1)
    OutstandingToken.objects.filter(user=user("bob")).update(expires_at=long_ago)
    call_command("flushexpiredtokens")
    return rows()


@operation
def admin_lists() -> list[Any]:
    client = superuser()
    kinds = ("outstandingtoken", "blacklistedtoken")
    return [page(client.get(f"/admin/token_blacklist/{kind}/?q=ada"))[:2] for kind in kinds]


@operation
def delete_the_user() -> list[Any]:
    user("ada").delete()
    return [rows(), OutstandingToken.objects.filter(user=None).count()]
