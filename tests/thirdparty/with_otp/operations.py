"""django-otp: second factors, and a throttle that is counted by reading, adding and saving."""

import time
from io import StringIO
from typing import Any

from django.core import mail
from django.core.management import call_command
from django.test import Client
from django_otp import devices_for_user, match_token, user_has_device, verify_token
from django_otp.oath import TOTP, hotp
from django_otp.plugins.otp_email.models import EmailDevice
from django_otp.plugins.otp_hotp.models import HOTPDevice
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.thirdparty.operations import operation, page, words
from tests.thirdparty.people import PASSWORD, superuser, user
from tests.thirdparty.races import THREADS, statuses

KEY = "2a2bbba1092ffdd25a328ad1a0a5f5d61d7aacc4"


def token() -> str:
    clock = TOTP(bytes.fromhex(KEY))
    clock.time = time.time()
    return f"{clock.token():06d}"


def wrong() -> str:
    return f"{(int(token()) + 1) % 1_000_000:06d}"


def counted(device: Any) -> list[Any]:
    device.refresh_from_db()
    return [device.throttling_failure_count, device.throttling_failure_timestamp is not None]


@operation
def totp() -> list[Any]:
    ada = user("ada")
    before = user_has_device(ada)
    device = TOTPDevice.objects.create(user=ada, name="phone", key=KEY)
    found = [device.verify_token(wrong()), counted(device), device.verify_token(token())]
    again = [device.verify_token(token()), [each.name for each in devices_for_user(ada)]]
    return [before, *found, *again, counted(device)]


@operation
def hotp_tokens() -> list[Any]:
    device = HOTPDevice.objects.create(user=user("ada"), name="key", key=KEY)
    drawn = [hotp(bytes.fromhex(KEY), n) for n in (0, 3, 3, 90)]
    found = []
    for number in drawn:
        device.throttle_reset()
        found.append(device.verify_token(number))
    device.refresh_from_db()
    return [found, device.counter]


@operation
def static_tokens() -> list[Any]:
    device = StaticDevice.objects.create(user=user("ada"), name="backup")
    for n in range(3):
        device.token_set.create(token=f"code{n}")
    first = device.verify_token("code1")
    second = device.verify_token("code1")
    device.throttle_reset()
    return [first, second, sorted(device.token_set.values_list("token", flat=True))]


@operation
def throttled() -> list[Any]:
    device = StaticDevice.objects.get(name="backup")
    found = [device.verify_token("wrong"), device.verify_token("code2")]
    allowed, why = device.verify_is_allowed()
    device.throttle_reset()
    return [*found, allowed, why["failure_count"], str(why["reason"]), device.verify_token("code2")]


@operation
def email_token() -> list[Any]:
    mail.outbox = []
    device = EmailDevice.objects.create(user=user("ada"), name="mail")
    said = device.generate_challenge()
    device.refresh_from_db()
    sent = [message.to for message in mail.outbox]
    return [str(said), sent, device.verify_token(device.token), device.verify_token("000000")]


@operation
def verified_by_id() -> list[Any]:
    TOTPDevice.objects.update(last_t=-1, throttling_failure_count=0)
    ada, device = user("ada"), TOTPDevice.objects.get(user=user("ada"))
    found = verify_token(ada, device.persistent_id, token())
    return [found and found.name, verify_token(user("bob"), device.persistent_id, token())]


@operation
def matched() -> Any:
    TOTPDevice.objects.update(last_t=-1)
    StaticDevice.objects.all().delete()
    EmailDevice.objects.all().delete()
    HOTPDevice.objects.all().delete()
    found = match_token(user("ada"), token())
    return found and found.name


@operation
def sign_in() -> list[Any]:
    TOTPDevice.objects.update(last_t=-1)
    client = Client()
    device = TOTPDevice.objects.get(user=user("ada")).persistent_id
    form = {"username": "ada", "password": PASSWORD, "otp_device": device}
    refused = client.post("/login/", {**form, "otp_token": wrong()})
    entered = client.post("/login/", {**form, "otp_token": token()})
    return ["Invalid token" in words(refused), page(entered)[:2], "otp_device_id" in client.session]


@operation
def admin_asks_for_a_token() -> list[Any]:
    user("root", is_staff=True, is_superuser=True)
    return [page(superuser().get("/otp-admin/"))[:2]]


@operation
def admin_lists_devices() -> list[Any]:
    return page(superuser().get("/admin/otp_totp/totpdevice/?q=ada"))


@operation
def sixteen_wrong_guesses_at_once() -> list[Any]:
    """Through a view: each is counted exactly once, or refused by a 409; none fails."""
    device = TOTPDevice.objects.create(user=user("bob"), name="phone", key=KEY)
    form = {"username": "bob", "password": PASSWORD, "otp_device": device.persistent_id}

    def guess(number: int) -> Any:
        client = Client(raise_request_exception=False)
        return client.post("/login/", {**form, "otp_token": wrong()})

    found = statuses(guess)
    print("16 wrong guesses:", dict(found), "counted", counted(device))  # noqa: T201  into the log
    exact = counted(device)[0] == found[200]
    return [found[200] + found[409] == THREADS, found[200] > 0, exact]


@operation
def sixteen_guesses_with_one_of_them_right() -> list[Any]:
    """A token is good for one of those who have it, however many come with it at once."""
    device = TOTPDevice.objects.get(user=user("bob"))
    device.throttle_reset()
    form = {"username": "bob", "password": PASSWORD, "otp_device": device.persistent_id}
    right = token()

    def guess(number: int) -> Any:
        client = Client(raise_request_exception=False)
        return client.post("/login/", {**form, "otp_token": right})

    found = statuses(guess)
    print("16 with one token:", dict(found))  # noqa: T201  into the log
    return [found[302], found[302] + found[200] + found[409] == THREADS]


@operation
def add_static_token() -> int:
    call_command("addstatictoken", "bob", stdout=StringIO())
    return int(StaticDevice.objects.get(user=user("bob")).token_set.count())
