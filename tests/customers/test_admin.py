"""Customers in the admin: how they are found, what is shown, what is changed and told of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry

from backoffice.beginnings import surname_first
from customers.consents import record_consent
from customers.models import Customer, CustomerGroup
from customers.services import change_customer
from dynamodb import bulk
from tests.backoffice.browser import Tab, errors_of
from tests.conftest import Staff
from tests.customers.people import HOME, NOON, OFFICE, consent, make_customer, once, stored

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/admin/customers/customer/"


@pytest.fixture
def ada(db: None) -> Customer:
    CustomerGroup.objects.create(code="vip", name="Best customers")
    customer = make_customer(
        addresses=[HOME, OFFICE], default_shipping_address=HOME["id"], groups=["gone"]
    )
    once(lambda: change_customer(customer=customer, name="Ada Byron"))
    return stored(customer)


def page_of(customer: Customer) -> str:
    return f"{LIST}{customer.pk}/change/"


def found(staff: Staff, text: str) -> list[str]:
    page = staff.get(LIST, {"q": text})
    assert page.status_code == 200
    return sorted(each.email for each in page.context["cl"].result_list)


def store(name: str, email: str) -> None:
    make_customer(email=email, name=name, surname_first=surname_first(name))


@pytest.mark.parametrize(
    ("text", "emails"),
    [
        ("", []),
        ("ada@example.com", ["ada@example.com"]),
        (" ADA@Example.com ", ["ada@example.com"]),
        ("jose@bücher.example", ["jose@xn--bcher-kva.example"]),
        ("ada@", ["ada@example.com", "ada@example.org"]),
        ("ada", ["ada@example.com", "ada@example.org"]),
        ("byr", ["ada@example.com"]),
        ("Ada Byron", ["ada@example.com"]),
        ("ANGSTRÖM", ["jose@xn--bcher-kva.example"]),
        ("by", []),
        ("example.com", []),
    ],
)
def test_found(superuser: Staff, text: str, emails: list[str]) -> None:
    store("Ada Byron", "ada@example.com")
    store("Ada Lovelace", "ada@example.org")
    store("José Ångström", "jose@bücher.example")
    assert found(superuser, text) == emails


def test_found_by_its_id(superuser: Staff, ada: Customer) -> None:
    assert found(superuser, ada.pk) == ["ada@example.com"]
    assert found(superuser, "0" * 32) == []


def test_what_is_shown(superuser: Staff, ada: Customer) -> None:
    once(lambda: record_consent(customer=stored(ada), consent=consent(by="staff:7")))
    text = superuser.get(page_of(ada)).content.decode()

    for shown in (
        "ada@example.com",
        "<td>Ada Byron<br>1 Analytical Way<br>10115 Berlin<br>GERMANY</td><td>shipping</td>",
        "<td>newsletter by mail</td><td>given</td><td>2026-03</td><td>en</td><td>account</td>"
        "<td>staff:7</td>",
        "Best customers",
    ):
        assert shown in text


def test_what_staff_change(superuser: Staff, ada: Customer) -> None:
    tab = Tab(superuser, page_of(ada))
    tab.type(name="Ada Lovelace", groups=["gone", "vip"], notes="Called.")
    assert tab.save().status_code == 302

    found = stored(ada)
    assert (found.name, found.surname_first) == ("Ada Lovelace", "lovelace ada")
    assert (found.groups, found.notes) == (["gone", "vip"], "Called.")
    assert (found.version, found.addresses) == (ada.version + 1, [HOME, OFFICE])


def test_what_staff_cannot_write_either(superuser: Staff, ada: Customer) -> None:
    """As customers who write it themselves: their own profile is to be one of the schema's."""
    tab = Tab(superuser, page_of(ada)).type(phone="later", vat_id="12", language="German!")
    page: Any = tab.save()
    assert page.context["adminform"].form.errors == {
        "phone": ["A telephone number: digits, +, blanks and ( ) / . - only."],
        "vat_id": ["A VAT id with its country's letters, like DE123456789."],
        "language": ["A language tag (BCP 47), like en or de-AT."],
    }


def test_a_language_is_one(superuser: Staff, ada: Customer) -> None:
    """It is what the customer's next consent is recorded in."""
    answer: Any = Tab(superuser, page_of(ada)).type(language="German").save()
    assert errors_of(answer) == ["A language tag (BCP 47), like en or de-AT."]
    Tab(superuser, page_of(ada)).type(language="de-at").save()
    assert stored(ada).language == "de-AT"


def test_two_who_change_the_same_are_told(superuser: Staff, ada: Customer) -> None:
    late = Tab(superuser, page_of(ada)).type(notes="Mine.")
    Tab(superuser, page_of(ada)).type(notes="Theirs.").save()
    answer: Any = late.save()
    assert errors_of(answer)[0] == "Yours: “Mine.”. Meanwhile nothing became “Theirs.”."
    assert stored(ada).notes == "Theirs."


def test_a_second_click_changes_nothing(superuser: Staff, ada: Customer) -> None:
    tab = Tab(superuser, page_of(ada)).type(notes="Called.")
    assert [tab.save().status_code, tab.save().status_code] == [302, 302]
    assert stored(ada).version == ada.version + 1


def test_the_history_has_no_values(superuser: Staff, ada: Customer) -> None:
    Tab(superuser, page_of(ada)).type(name="Ada Lovelace", phone="030 1").save()

    (entry,) = LogEntry.objects.all()
    assert entry.get_change_message() == "Changed Name and Phone."
    assert entry.object_repr == ada.pk


def test_two_at_once_undo_nothing(superuser: Staff, ada: Customer) -> None:
    """GIVEN a page that was opened before somebody else changed the customer."""
    tab = Tab(superuser, page_of(ada)).type(notes="Called.")
    once(lambda: change_customer(customer=stored(ada), phone="030 1"))

    assert tab.save().status_code == 302

    assert (stored(ada).notes, stored(ada).phone) == ("Called.", "030 1")


def test_who_is_gone_is_only_looked_at(superuser: Staff, ada: Customer) -> None:
    Customer.objects.update(erased_at=NOON)
    assert superuser.get(page_of(ada)).status_code == 200
    assert superuser.post(page_of(ada), {"name": "x"}).status_code == 403
    assert stored(ada).name == "Ada Byron"


def test_a_group_keeps_its_code_and_stays(superuser: Staff) -> None:
    group = "/admin/customers/customergroup/"
    Tab(superuser, f"{group}add/").type(code="vip", name="VIP").save()
    assert CustomerGroup.objects.get().name == "VIP"
    tab = Tab(superuser, f"{group}vip/change/")
    assert "code" not in tab.fields
    assert tab.type(name="Best").save().status_code == 302
    assert list(CustomerGroup.objects.values_list("code", "name")) == [("vip", "Best")]
    assert superuser.get(f"{group}vip/delete/").status_code == 403


def many(size: int) -> Iterator[Customer]:
    for number in range(size):
        name = f"Nn{number} {'Byron' if number % 40 == 0 else f'S{number}'}"
        yield Customer(
            email=f"person{number}@example.com",
            name=name,
            surname_first=surname_first(name),
            created_at=NOON,
            updated_at=NOON,
        )


EMAIL, NAME = "Query customer_email_start", "Query customer_name_start"


@pytest.mark.parametrize("size", [60, 1_000])
def test_the_calls_of_each_look_up(size: int, superuser: Staff, calls: Any) -> None:
    bulk.load(many(size))
    rows = ["BatchGetItem customer", "BatchGetItem customer"]
    row = ["GetItem customer", "GetItem customer"]
    for text, wanted in {
        "": [],
        "person59@example.com": [EMAIL, *row],
        "byron": [EMAIL, NAME, *rows],
        "nn0 byron": [NAME, NAME, *row],
        "nobody": [EMAIL, NAME],
        "f" * 32: row,
    }.items():
        with calls() as made:
            assert superuser.get(LIST, {"q": text}).status_code == 200
        assert [call.table for call in made if call.operation == "Scan"] == []
        assert [
            f"{call.operation} {call.index or 'customer'}"
            for call in made
            if call.table.endswith("customers_customer")
        ] == wanted, text


def test_the_calls_of_a_page(superuser: Staff, ada: Customer, calls: Any) -> None:
    with calls() as made:
        assert superuser.get(page_of(ada)).status_code == 200
    asked = [
        (call.operation, call.table.rpartition("customers_")[2])
        for call in made
        if "customers_" in call.table
    ]
    assert asked == [
        ("GetItem", "customer"),
        ("Scan", "customergroup"),
        ("Query", "consentrecord"),
    ]
