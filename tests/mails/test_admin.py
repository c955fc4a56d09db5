"""Suppressed addresses in the admin: seen by who may see them, lifted by who may change them."""

from datetime import UTC, datetime

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from mails.models import Cause, Mail, Suppression
from tests.conftest import Staff
from tests.mails.events import recorded, tell
from tests.orders.shopping import PLACED, make_order

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/admin/mails/suppression/"
ADDRESS = "recipient@example.com"
AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that SES is asked to take from its own list; the local AWS knows no such
    call."""
    asked: list[str] = []
    call = BaseClient._make_api_call

    def noted(self: BaseClient, operation: str, params: dict[str, str]) -> object:
        if operation != "DeleteSuppressedDestination":
            return call(self, operation, params)
        asked.append(params["EmailAddress"])
        code = {"busy@example.com": "TooManyRequestsException"}.get(asked[-1], "NotFoundException")
        error = {"Error": {"Code": code, "Message": "told so"}}
        raise self._get_error_class(code)(error, operation)

    monkeypatch.setattr(
        BaseClient,
        "_get_error_class",
        lambda self, code: getattr(self.exceptions, code, ClientError),
        raising=False,
    )
    monkeypatch.setattr(BaseClient, "_make_api_call", noted)
    return asked


def suppress(address: str = ADDRESS) -> None:
    Suppression.objects.create(
        address=address, cause=Cause.BOUNCE, detail="550 no such user", changed_at=AT
    )


def lift(staff: Staff, *addresses: str) -> list[str]:
    """Choose the action; what the page then says."""
    form = {"action": "lift", "_selected_action": list(addresses)}
    page = staff.post(LIST, form, follow=True)
    return [str(message) for message in page.context["messages"]]


def is_lifted(address: str = ADDRESS) -> bool:
    return Suppression.objects.get(pk=address).lifted


def may(staff: Staff, *codenames: str) -> None:
    staff.user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="mails", codename__in=codenames)
    )


def test_what_is_shown(superuser: Staff) -> None:
    tell(recorded("bounce"))

    text = superuser.get(LIST).content.decode()

    for cell in (ADDRESS, "bounced", "smtp; 550 5.1.1 user unknown"):
        assert cell in text
    assert superuser.get(f"{LIST}recipient_40example.com/change/").status_code == 200


@pytest.mark.parametrize(
    ("term", "found"),
    [("Recipient@Example.com", [ADDRESS]), ("recipient", []), ("eve@example.com", [])],
)
def test_search_by_the_whole_address(superuser: Staff, term: str, found: list[str]) -> None:
    suppress()
    page = superuser.get(LIST, {"q": term})
    assert [row.pk for row in page.context["cl"].result_list] == found


def test_lifted(superuser: Staff, forgotten: list[str]) -> None:
    suppress()

    assert lift(superuser, ADDRESS) == [f"{ADDRESS}: gets mail again."]

    assert (is_lifted(), forgotten) == (True, [ADDRESS])
    (entry,) = LogEntry.objects.all()
    assert (entry.object_id, entry.change_message) == (ADDRESS, "Gets mail again.")
    assert lift(superuser, ADDRESS) == [f"{ADDRESS}: gets mail already."]


def test_ses_that_does_not_forget(superuser: Staff, forgotten: list[str]) -> None:
    """Of several, each is told by itself."""
    for address in ("busy@example.com", ADDRESS):
        suppress(address)

    said = lift(superuser, "busy@example.com", ADDRESS)

    assert said[0].startswith("busy@example.com: nothing was changed, SES did not forget it: ")
    assert said[1] == f"{ADDRESS}: gets mail again."
    assert (is_lifted("busy@example.com"), is_lifted()) == (False, True)


def test_who_may_see_but_not_lift(clerk: Staff, forgotten: list[str]) -> None:
    suppress()
    assert clerk.get(LIST).status_code == 403

    may(clerk, "view_suppression")
    assert clerk.get(LIST).status_code == 200
    lift(clerk, ADDRESS)
    assert (is_lifted(), forgotten) == (False, [])

    may(clerk, "view_suppression", "change_suppression")
    lift(clerk, ADDRESS)
    assert is_lifted() is True


@pytest.mark.parametrize("page", ["add/", "recipient_40example.com/delete/"])
def test_nobody_writes_or_forgets_one(superuser: Staff, page: str) -> None:
    suppress()
    assert superuser.get(LIST + page).status_code == 403


def test_an_order_says_why_there_was_no_mail(superuser: Staff) -> None:
    order = make_order()
    problem = "the address bounced on 2026-11-01"
    Mail.objects.create(about=order.pk, kind="confirmed", claimed_at=PLACED, problem=problem)

    page = superuser.get(f"/admin/orders/order/{order.number}/change/")

    assert "the address bounced on 2026-11-01" in page.content.decode()


def test_the_call_is_one_of_ses() -> None:
    """What the tests above answer in its place exists in SES's own description."""
    model = boto3.client("sesv2").meta.service_model
    assert model.operation_model("DeleteSuppressedDestination").input_shape.required_members == [
        "EmailAddress"
    ]
