"""What changes a customer, and what it costs."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from rest_framework.exceptions import ValidationError

from customers.erasure import erase_customer
from customers.errors import CustomerErased, GroupNotFound
from customers.models import Customer, CustomerGroup
from customers.selectors import customer_of_guest, customer_of_user, customer_to_change
from customers.services import (
    add_address,
    change_address,
    change_customer,
    find_or_create_customer,
    find_or_create_guest,
    join_group,
    leave_group,
    remove_address,
    store_customer,
)
from dynamodb.errors import ConflictError
from mails.errors import WrongMailAddress
from tests.backoffice.elsewhere import elsewhere
from tests.catalog.lagging import lag_behind, stay_behind
from tests.conftest import make_user
from tests.customers.people import HOME, OFFICE, make_customer, once, stored, told
from tests.customers.places import BERLIN, SAN_FRANCISCO

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(db: None) -> User:
    return make_user("ada")


# Finding and making -----------------------------------------------------------------------


def test_an_account_s_customer_is_made_once(ada: User, listener: None) -> None:
    first = once(lambda: find_or_create_customer(user=ada))
    second = once(lambda: find_or_create_customer(user=ada))

    assert (first.pk, first.user_id) == (second.pk, ada.pk)
    assert (first.email, first.guest_email, first.version) == ("ada@example.com", None, 1)
    assert Customer.objects.count() == 1
    assert told() == [("customer.created", {"customer": first.pk})]


def test_an_address_that_no_mail_reaches_is_left_out() -> None:
    user = User.objects.create_user("zoe", "zoë")
    assert make_customer(user=user).email == ""


def test_a_guest_is_one_however_the_address_is_written(listener: None) -> None:
    first = once(lambda: find_or_create_guest(email="Ada@BÜCHER.example"))
    second = once(lambda: find_or_create_guest(email="ada@xn--bcher-kva.example"))

    assert first.pk == second.pk
    assert (first.email, first.user_id) == ("ada@xn--bcher-kva.example", None)
    assert told() == [("customer.created", {"customer": first.pk})]
    with pytest.raises(WrongMailAddress):
        once(lambda: find_or_create_guest(email="ada"))


def test_an_account_with_a_guest_s_address_is_another(ada: User) -> None:
    """Nobody has proven that the address is the account's."""
    guest = make_customer(email="ada@example.com", name="Ada Byron", addresses=[HOME])
    own = once(lambda: find_or_create_customer(user=ada))

    assert own.pk != guest.pk
    assert (own.name, own.addresses) == ("", [])
    found = customer_of_guest(email="ada@example.com")
    assert found is not None and found.pk == guest.pk


def test_an_account_does_not_keep_the_guest_s_place(ada: User) -> None:
    """GIVEN a stranger who has signed up with the address."""
    own = make_customer(user=ada, name="Eve")
    guest = once(lambda: find_or_create_guest(email="ada@example.com"))

    assert guest.pk != own.pk
    assert guest.name == ""


def test_without_an_account_the_customer_stays(ada: User) -> None:
    customer = make_customer(user=ada, name="Ada")
    ada.delete()
    assert (stored(customer).user_id, stored(customer).name) == (None, "Ada")


def test_an_index_that_has_not_heard_makes_no_second(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make_customer(user=ada)
    lag_behind(monkeypatch, customer.pk)
    with pytest.raises(IntegrityError):
        once(lambda: find_or_create_customer(user=ada))
    assert Customer.objects.get().pk == customer.pk


def test_an_index_that_still_tells_of_who_is_gone(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIVEN an erasure that the index has not heard of."""
    gone = make_customer(user=ada)
    stay_behind(monkeypatch)
    assert once(lambda: find_or_create_customer(user=ada)).pk == gone.pk
    once(lambda: erase_customer(customer=gone))

    assert once(lambda: find_or_create_customer(user=ada)).pk != gone.pk


def test_of_a_deleted_account_none_is_made(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account goes between the reading and the commit."""
    with pytest.raises(ConflictError), transaction.atomic():
        find_or_create_customer(user=User.objects.get(pk=ada.pk))
        elsewhere(ada.delete)
    assert Customer.objects.count() == 0


# Changing ---------------------------------------------------------------------------------


def test_a_change_counts(ada: User) -> None:
    customer = make_customer(user=ada)
    before = customer.updated_at

    once(lambda: change_customer(customer=customer, name="Zoë Ångström", phone="030 1"))

    found = stored(customer)
    assert (found.name, found.surname_first, found.phone) == (
        "Zoë Ångström",
        "angstrom zoe",
        "030 1",
    )
    assert (found.version, customer.version) == (2, 2)
    assert found.updated_at == customer.updated_at > before


def test_a_change_of_what_was_read_too_early_is_refused(ada: User) -> None:
    """The columns are others: only the version tells."""
    customer = make_customer(user=ada, addresses=[HOME, OFFICE])
    late = stored(customer)
    once(lambda: remove_address(customer=customer, address_id=HOME["id"]))

    with pytest.raises(ConflictError):
        once(lambda: change_customer(customer=late, default_billing_address=HOME["id"]))
    with pytest.raises(ConflictError):
        once(lambda: change_customer(customer=late, name="Ada"))

    assert stored(customer).default_billing_address == OFFICE["id"]
    assert stored(customer).name == ""


def test_a_change_between_reading_and_commit_is_refused(ada: User) -> None:
    make_customer(user=ada)

    def hurry() -> None:
        once(lambda: change_customer(customer=find_or_create_customer(user=ada), phone="1"))

    with pytest.raises(ConflictError), transaction.atomic():
        customer = find_or_create_customer(user=ada)
        change_customer(customer=customer, phone="2")
        elsewhere(hurry)
    assert Customer.objects.get().phone == "1"


def test_who_is_gone_changes_no_more(ada: User) -> None:
    customer = make_customer(user=ada)
    customer.erased_at = customer.created_at
    with pytest.raises(CustomerErased):
        once(lambda: store_customer(customer=customer, phone="1"))
    assert stored(customer).phone == ""


# Addresses --------------------------------------------------------------------------------


def defaults(customer: Customer) -> tuple[str, str]:
    return customer.default_shipping_address, customer.default_billing_address


def test_an_address_book(ada: User) -> None:
    customer = make_customer(user=ada)

    home = once(lambda: add_address(customer=customer, address=BERLIN, label="Home"))
    office = once(lambda: add_address(customer=customer, address=SAN_FRANCISCO))
    assert stored(customer).addresses == [home, office]
    assert home == {"id": home["id"], "label": "Home", "address": BERLIN}
    assert defaults(stored(customer)) == (home["id"], home["id"])

    once(lambda: change_customer(customer=customer, default_billing_address=office["id"]))
    once(lambda: change_address(customer=customer, address_id=home["id"], label="Mum"))
    assert stored(customer).addresses == [{**home, "label": "Mum"}, office]
    assert defaults(stored(customer)) == (home["id"], office["id"])

    once(lambda: remove_address(customer=customer, address_id=office["id"]))
    assert stored(customer).addresses == [{**home, "label": "Mum"}]
    assert defaults(stored(customer)) == (home["id"], home["id"])
    once(lambda: remove_address(customer=customer, address_id=home["id"]))
    assert (stored(customer).addresses, defaults(stored(customer))) == ([], ("", ""))


def test_a_default_is_in_the_book(ada: User) -> None:
    customer = make_customer(user=ada, addresses=[HOME])
    with pytest.raises(ValidationError):
        once(lambda: change_customer(customer=customer, default_shipping_address="0000000f"))
    assert defaults(stored(customer)) == ("", "")


# Groups -----------------------------------------------------------------------------------


def test_groups(ada: User) -> None:
    for code in ("vip", "trade"):
        CustomerGroup.objects.create(code=code, name=code)
    customer = make_customer(user=ada)

    once(lambda: join_group(customer=customer, code="vip"))
    once(lambda: join_group(customer=customer, code="trade"))
    once(lambda: join_group(customer=customer, code="vip"))
    assert (stored(customer).groups, stored(customer).version) == (["trade", "vip"], 3)

    once(lambda: leave_group(customer=customer, code="vip"))
    once(lambda: leave_group(customer=customer, code="vip"))
    assert (stored(customer).groups, stored(customer).version) == (["trade"], 4)
    with pytest.raises(GroupNotFound):
        once(lambda: join_group(customer=customer, code="none"))


# What it costs ----------------------------------------------------------------------------


def asked(made: list[Any]) -> list[str]:
    return [f"{call.operation} {call.index or ''}".strip() for call in made]


def test_reading(ada: User, calls: Any) -> None:
    make_customer(user=ada)
    make_customer(email="guest@example.com")

    with calls() as made:
        assert customer_of_user(user=ada) is not None
    assert asked(made) == ["Query customer_user"]
    with calls() as made, transaction.atomic():
        assert customer_to_change(user=ada).user_id == ada.pk
    assert asked(made) == ["Query customer_user", "GetItem"]
    with calls() as made:
        assert customer_of_guest(email="Guest@example.com") is not None
    assert asked(made) == ["GetItem", "GetItem"]
    with calls() as made:
        assert customer_of_guest(email="nobody@example.com") is None
    assert asked(made) == ["GetItem"]


def test_making(ada: User, calls: Any) -> None:
    """The customer, its guard, and the account as it was read."""
    with calls() as made, transaction.atomic():
        find_or_create_customer(user=User.objects.get(pk=ada.pk))
    assert asked(made) == ["GetItem", "Query customer_user", "TransactWriteItems"]
    with calls() as made, transaction.atomic():
        find_or_create_guest(email="guest@example.com")
    assert asked(made) == ["GetItem", "TransactWriteItems"]


def test_changing(ada: User, calls: Any) -> None:
    customer = make_customer(user=ada, addresses=[HOME])
    CustomerGroup.objects.create(code="vip", name="VIP")
    runs: list[tuple[Any, dict[str, Any], list[str]]] = [
        (change_customer, {"phone": "1"}, []),
        (change_customer, {"name": "Ada"}, []),
        (add_address, {"address": BERLIN}, []),
        (change_address, {"address_id": HOME["id"], "label": "Mum"}, []),
        (remove_address, {"address_id": HOME["id"]}, []),
        (join_group, {"code": "vip"}, ["GetItem"]),
        (leave_group, {"code": "vip"}, []),
    ]
    for change, what, besides in runs:
        with calls() as made, transaction.atomic():
            change(customer=Customer.objects.get(pk=customer.pk), **what)
        assert asked(made) == ["GetItem", *besides, "UpdateItem"]
