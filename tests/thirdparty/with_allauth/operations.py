"""django-allauth: accounts, addresses, codes by mail, others' sign-in, and all by API."""

import re
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation, EmailConfirmationHMAC
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.test import Client

from tests.thirdparty.operations import operation, page
from tests.thirdparty.people import superuser
from tests.thirdparty.races import THREADS, statuses

SECRET = "correct horse battery staple"
CHANGED = "battery horse staple correct"
browser = Client()


def post(address: str, client: Client | None = None, **form: str) -> list[Any]:
    return page((client or browser).post(f"/accounts/{address}", form))[:2]


def mailed(pattern: str) -> str:
    """What the last mail has in it."""
    found = re.search(pattern, str(mail.outbox[-1].body))
    return found[1] if found else ""


def addresses() -> list[Any]:
    found = EmailAddress.objects.order_by("email")
    return [[each.email, each.verified, each.primary] for each in found]


@operation
def sign_up() -> list[Any]:
    mail.outbox = []
    form: Any = {
        "email": "Ada@Example.com",
        "username": "ada",
        "password1": SECRET,
        "password2": SECRET,
    }
    return [post("signup/", **form), addresses(), User.objects.count(), len(mail.outbox)]


@operation
def sign_up_again() -> list[Any]:
    """Of somebody who is there: nothing is told, but by mail."""
    form = {"email": "ada@example.com", "username": "eve", "password1": SECRET, "password2": SECRET}
    return [post("signup/", Client(), **form), User.objects.count(), len(mail.outbox)]


@operation
def a_name_that_is_taken() -> Any:
    form = {"email": "bob@example.com", "username": "ADA", "password1": SECRET, "password2": SECRET}
    return page(Client().post("/accounts/signup/", form))


@operation
def sign_in_too_early() -> list[Any]:
    return post("login/", Client(), login="ada", password=SECRET)


@operation
def confirm() -> list[Any]:
    key = EmailConfirmationHMAC(EmailAddress.objects.get()).key
    shown = page(browser.get(f"/accounts/confirm-email/{key}/"))[:2]
    return [shown[0], post(f"confirm-email/{key}/")[0], addresses()]


@operation
def sign_in() -> list[Any]:
    by_name = post("login/", Client(), login="ada", password=SECRET)
    wrong = post("login/", Client(), login="ada", password="guess")
    return [by_name, wrong, post("login/", login="ADA@example.com", password=SECRET)]


@operation
def pages() -> list[Any]:
    shown = ("email/", "password/change/", "sessions/", "3rdparty/", "logout/")
    return [page(browser.get(f"/accounts/{name}")) for name in shown]


@operation
def more_addresses() -> list[Any]:
    added = [post("email/", action_add="", email=f"{name}@example.com") for name in ("a", "b", "a")]
    return [added, addresses()]


@operation
def another_primary() -> list[Any]:
    EmailAddress.objects.filter(email="a@example.com").update(verified=True)
    done = post("email/", action_primary="", email="a@example.com")
    return [done, addresses(), User.objects.get(username="ada").email]


@operation
def remove_an_address() -> list[Any]:
    return [post("email/", action_remove="", email="b@example.com"), addresses()]


@operation
def send_again() -> list[Any]:
    post("email/", action_add="", email="c@example.com")
    before = len(mail.outbox)
    return [post("email/", action_send="", email="c@example.com"), len(mail.outbox) - before]


@operation
def change_the_password() -> list[Any]:
    done = post("password/change/", oldpassword=SECRET, password1=CHANGED, password2=CHANGED)
    return [done, User.objects.get(username="ada").check_password(CHANGED)]


@operation
def reset_the_password() -> list[Any]:
    client = Client()
    asked = post("password/reset/", client, email="a@example.com")
    link = mailed(r"http://[^/]+(/accounts/password/reset/key/\S+)")
    followed = client.get(link, follow=True)
    form = {"password1": SECRET, "password2": SECRET}
    done = client.post(followed.redirect_chain[-1][0], form)
    used = client.get(link)
    right = User.objects.get(username="ada").check_password(SECRET)
    return [asked, done.status_code, right, used.status_code]


@operation
def sign_in_by_code() -> list[Any]:
    client = Client()
    asked = post("login/code/", client, email="a@example.com")
    code = mailed(r"(?m)^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})$")
    return [asked, len(code) >= 6, post("login/code/confirm/", client, code=code)]


@operation
def sessions() -> list[Any]:
    browser.post("/accounts/login/", {"login": "ada", "password": SECRET})
    before = UserSession.objects.filter(user__username="ada").count()
    done = post("sessions/")
    return [before, done, UserSession.objects.filter(user__username="ada").count()]


@operation
def sign_up_by_another_provider() -> list[Any]:
    client = Client()
    started = client.post("/accounts/dummy/login/")
    form = {"id": "777", "email": "cid@example.com", "first_name": "Cid", "email_verified": "on"}
    done = client.post(started["Location"], form)
    account = SocialAccount.objects.get()
    return [page(started)[:2], page(done)[:2], account.provider, account.uid, account.user.email]


@operation
def sign_in_by_another_provider() -> list[Any]:
    client = Client()
    started = client.post("/accounts/dummy/login/")
    form = {"id": "777", "email": "cid@example.com", "first_name": "Cid", "email_verified": "on"}
    done = client.post(started["Location"], form)
    return [page(done)[:2], SocialAccount.objects.count(), User.objects.count()]


def api(client: Client, address: str, method: str = "post", **body: Any) -> list[Any]:
    send = getattr(client, method)
    answer = send(f"/_allauth/browser/v1/{address}", body, content_type="application/json")
    data = answer.json()
    errors = [error["code"] for error in data.get("errors", ())]
    flows = [flow["id"] for flow in data.get("data", {}).get("flows", ())] if not errors else []
    return [answer.status_code, errors, sorted(flows), data.get("meta", {}).get("is_authenticated")]


@operation
def by_api() -> list[Any]:
    client = Client()
    mail.outbox = []
    form = {"email": "dora@example.com", "username": "dora", "password": SECRET}
    made = api(client, "auth/signup", **form)
    key = mailed(r"confirm-email/([^/\s]+)")
    confirmed = api(client, "auth/email/verify", key=key)
    wrong = api(client, "auth/login", username="dora", password="guess")
    entered = api(client, "auth/login", username="dora", password=SECRET)
    left = api(client, "auth/session", "delete")
    return [made, len(key) > 0, confirmed, wrong, entered, left]


@operation
def addresses_by_api() -> list[Any]:
    client = Client()
    api(client, "auth/login", username="dora", password=SECRET)
    found = client.get("/_allauth/browser/v1/account/email").json()["data"]
    added = api_added(client)
    return [[[each["email"], each["verified"]] for each in found], added]


def api_added(client: Client) -> int:
    body = {"email": "dora2@example.com"}
    address = "/_allauth/browser/v1/account/email"
    return int(client.post(address, body, content_type="application/json").status_code)


@operation
def confirmations_in_the_table() -> list[Any]:
    made = EmailConfirmation.create(EmailAddress.objects.get(email="c@example.com"))
    found = EmailConfirmation.objects.all_valid().count()
    EmailConfirmation.objects.update(sent="2001-01-01T00:00:00Z")
    EmailConfirmation.objects.delete_expired_confirmations()
    return [made.pk is not None, found, EmailConfirmation.objects.count()]


@operation
def sixteen_sign_up_at_once() -> list[Any]:
    """With one name and one address: there is one of them. Who found the name free and inserts
    it after another gets an IntegrityError, as on any database."""
    form = {"email": "max@example.com", "username": "max", "password1": SECRET, "password2": SECRET}

    def sign_up(number: int) -> Any:
        return Client(raise_request_exception=False).post("/accounts/signup/", form)

    found = statuses(sign_up)
    print("16 sign-ups:", dict(found))  # noqa: T201  into the log
    people = User.objects.filter(username="max").count()
    return [people, EmailAddress.objects.filter(email="max@example.com").count(), THREADS]


@operation
def tidy_up() -> list[Any]:
    call_command("clearsessions")
    call_command("account_unsetmultipleprimaryemails")
    return [EmailAddress.objects.filter(primary=True).count()]


@operation
def admin_lists() -> list[Any]:
    kinds = ("account/emailaddress", "socialaccount/socialaccount", "usersessions/usersession")
    return [page(superuser().get(f"/admin/{kind}/"))[:2] for kind in kinds]


@operation
def delete_the_user() -> list[Any]:
    User.objects.get(username="ada").delete()
    found = EmailAddress.objects.filter(email__in=["a@example.com", "ada@example.com"])
    return [found.count(), UserSession.objects.filter(user=None).count()]
