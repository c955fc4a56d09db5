"""What people are told is in their language; what programs read is the same in all."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from cart.models import Cart
from shop.api.languages import languages
from tests.cart.shoppers import Shopper
from tests.conftest import Staff

pytestmark = pytest.mark.django_db
NOWHERE = "/api/v1/orders/AAAA-AAAA-AAAA/"


@pytest.fixture
def shopper(guest: APIClient) -> Shopper:
    """A guest with an empty cart."""
    return Shopper(guest.post("/api/v1/cart/").headers["Cart-Token"])


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        (None, "en"),
        ("", "en"),
        ("*", "en"),
        ("ja, fr;q=0.5", "en"),
        ("de", "de"),
        ("DE-at, en;q=0.9", "de"),
        ("en;q=0.3, de;q=0.4", "de"),
        ("de;q=0, *", "en"),
        ("de, en", "en"),  # as much wanted: the first of the shop's, as at the edge
        ("de;q=nonsense", "en"),
        ("x" * 600 + ",de", "en"),
    ],
)
def test_the_language_that_is_accepted(guest: APIClient, accepted: str | None, spoken: str) -> None:
    headers = {} if accepted is None else {"Accept-Language": accepted}
    answer = guest.get(NOWHERE, headers=headers)
    assert answer["Content-Language"] == spoken
    assert answer["Vary"] == "Accept, Cookie, Accept-Language"
    assert answer.json()["title"] == {"en": "Not Found", "de": "Nicht gefunden"}[spoken]


def test_the_address_names_it(guest: APIClient) -> None:
    """It comes before what the browser accepts, and the answer does not vary by that."""
    answer = guest.get(f"{NOWHERE}?lang=de", headers={"Accept-Language": "en"})
    assert (answer["Content-Language"], answer["Vary"]) == ("de", "Accept, Cookie")
    assert answer.json() == {
        "type": "about:blank",
        "title": "Nicht gefunden",
        "status": 404,
        "detail": "Keine Ihrer Bestellungen hat diese Nummer. Gäste senden das Geheimnis aus der "
        "Antwort der Kasse als Order-Secret.",
        "code": "order_not_found",
    }


def test_where_cloudfront_keeps_it(guest: APIClient) -> None:
    """Shop-Language stands for Accept-Language where there is none, and only there."""
    german = guest.get(NOWHERE, headers={"Shop-Language": "de"})
    english = guest.get(NOWHERE, headers={"Shop-Language": "de", "Accept-Language": "en"})
    assert (german["Content-Language"], english["Content-Language"]) == ("de", "en")


def test_it_costs_no_call(guest: APIClient, calls: Any) -> None:
    with calls() as made:
        answer = guest.get(NOWHERE, headers={"Accept-Language": "de"})
    assert (answer["Content-Language"], len(made)) == ("de", 1)  # the order


@pytest.mark.parametrize(
    ("verb", "address", "body", "errors"),
    [
        ("post", "auth/token/", {}, {"username": ["Dieses Feld ist zwingend erforderlich."]}),
        ("post", "auth/token/", {"username": "a", "password": 1, "pin": 1}, {"pin": [
            "Das liest niemand. Bekannt sind hier: username, password."]}),
        ("get", "products/?page_size=0", None, {"page_size": ["Eine ganze Zahl von 1 bis 100."]}),
    ],
)  # fmt: skip
def test_sentences_of_fields(
    guest: APIClient, verb: str, address: str, body: Any, errors: dict[str, list[str]]
) -> None:
    """Ours and the libraries'."""
    german = {"Accept-Language": "de"}
    answer = getattr(guest, verb)(f"/api/v1/{address}", body, headers=german).json()
    assert (answer["code"], answer["detail"]) == (
        "invalid",
        "Die Anfrage ist nicht gültig; errors nennt die fehlerhaften Felder.",
    )
    assert {name: answer["errors"][name] for name in errors} == errors


@pytest.mark.parametrize(
    ("method", "address", "status", "code", "detail"),
    [
        ("get", "nothing/", 404, "not_found", "Hier ist nichts."),
        ("put", "cart/", 405, "method_not_allowed",
         'Methode "PUT" nicht erlaubt. Die Kopfzeile Allow nennt die erlaubten.'),
        ("get", "customer/", 401, "not_authenticated",
         "Anmeldedaten fehlen. Senden Sie Authorization: Bearer, mit einem Token von "
         "/api/v1/auth/token/."),
        ("post", "checkout", 404, "not_found",
         "Setzen Sie den Schrägstrich ans Ende: /api/v1/checkout/"),
    ],
)  # fmt: skip
def test_sentences_of_problems(
    guest: APIClient, method: str, address: str, status: int, code: str, detail: str
) -> None:
    answer = getattr(guest, method)(f"/api/v1/{address}", headers={"Accept-Language": "de"})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["detail"]) == (status, code, detail)
    assert answer["Content-Language"] == "de"


def test_a_wrong_password_and_a_token_that_is_none(guest: APIClient) -> None:
    User.objects.create_user("ada", password="right")
    german = {"Accept-Language": "de"}
    wrong = guest.post("/api/v1/auth/token/?lang=de", {"username": "ada", "password": "wrong"})
    none = guest.get("/api/v1/customer/", headers={**german, "Authorization": "Bearer nonsense"})
    assert (wrong.json()["code"], none.json()["code"]) == ("no_active_account", "token_not_valid")
    assert wrong.json()["detail"] == (
        "Kein aktiver Account mit diesen Zugangsdaten gefunden. Prüfen Sie Namen und Passwort."
    )
    assert none.json()["detail"] == (
        "Der Token ist für keinen Tokentyp gültig. Erneuern Sie es bei "
        "/api/v1/auth/token/refresh/, oder melden Sie sich neu an."
    )


def test_data_says_no_language(guest: APIClient) -> None:
    """An answer without words for people is one for everybody."""
    answer = guest.get("/api/v1/countries/DE/", headers={"Accept-Language": "de"})
    assert answer.status_code == 200
    assert "Content-Language" not in answer
    assert answer["Vary"] == "Accept"


def test_a_cart_says_what_stands_in_the_way(shopper: Shopper) -> None:
    Cart.objects.update(lines={"GONE": {"quantity": 1, "price": "9.00", "added_at": "2026-01-01"}})
    answer = shopper.get("/api/v1/cart/", headers={"Accept-Language": "de"})
    assert answer["Content-Language"] == "de"
    problem = {"code": "unavailable", "detail": "Wird nicht mehr verkauft."}
    assert [line["problem"] for line in answer.json()["lines"]] == [problem]


def test_a_repeated_answer_keeps_its_language(shopper: Shopper) -> None:
    """GIVEN an answer with a key WHEN it is repeated THEN it says which language it is in."""
    sent = {"Idempotency-Key": "0123456789abcdef"}
    first = shopper.delete("/api/v1/cart/lines/", headers={**sent, "Accept-Language": "de"})
    again = shopper.delete("/api/v1/cart/lines/", headers={**sent, "Accept-Language": "en"})
    assert again["Idempotent-Replayed"] == "true"
    assert (first["Content-Language"], again["Content-Language"]) == ("de", "de")


def test_no_answer_redirects_or_sets_a_cookie(guest: APIClient, superuser: Staff) -> None:
    """The admin's is the one of forms, as in English."""
    german = {"Accept-Language": "de"}
    answers = (
        guest.get("/api/v1/products/?lang=de", headers=german),
        superuser.get("/admin/", headers=german),
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [list(answer.cookies) for answer in answers] == [[], ["csrftoken"]]


def test_the_admin_follows_the_browser(superuser: Staff) -> None:
    german = superuser.get("/admin/", headers={"Accept-Language": "de-DE,de;q=0.9"})
    english = superuser.get("/admin/")
    assert (german["Content-Language"], english["Content-Language"]) == ("de", "en")
    assert '<html lang="de"' in german.content.decode()
    assert '<html lang="en"' in english.content.decode()


def test_the_storefront_goes_by_its_path(guest: APIClient) -> None:
    answer = guest.get("/order/", headers={"Accept-Language": "de"})
    assert "Content-Language" not in answer


def test_english_comes_first() -> None:
    assert languages() == ["en", "de"]
