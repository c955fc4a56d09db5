"""Where a parcel goes: what each country needs, and nothing that was sent is lost."""

from typing import Any

import pytest
from django.core import mail
from rest_framework.test import APIClient

from catalog.models import Variant
from orders.addresses import address_lines, rules_of
from orders.countries import COUNTRIES
from orders.guest_secrets import order_secret
from orders.mails import make_mail
from orders.models import Order
from orders.serializers import AddressSerializer
from orders.states import State
from tests.cart.shoppers import Shopper
from tests.conftest import Staff
from tests.orders.shopping import ADDRESS, check_out, make_order
from tests.outbox.queues import TestQueue

STREET = {"name": "Ada Byron", "line1": "1 Analytical Way"}
SAN_FRANCISCO = {
    **STREET,
    "city": "San Francisco",
    "administrative_area": "CA",
    "postal_code": "94105",
    "country": "US",
}


def accepted(address: dict[str, Any]) -> dict[str, str]:
    """The address as an order would keep it."""
    serializer = AddressSerializer(data=address)
    assert serializer.is_valid(), serializer.errors
    return serializer.validated_data


def refused(buyer: Shopper, address: dict[str, Any]) -> dict[str, list[str]]:
    response = check_out(buyer, shipping_address=address)
    assert response.status_code == 400
    assert not Order.objects.exists()
    return response.json()["errors"]["shipping_address"]


@pytest.mark.django_db(transaction=True)
def test_an_order_keeps_the_state(buyer: Shopper, order_queue: TestQueue) -> None:
    response = check_out(buyer, shipping_address={**SAN_FRANCISCO, "administrative_area": "ca"})

    assert response.status_code == 202
    assert Order.objects.get().shipping_address == SAN_FRANCISCO


@pytest.mark.django_db(transaction=True)
def test_hong_kong_has_no_postal_codes(buyer: Shopper, order_queue: TestQueue) -> None:
    address = {**STREET, "city": "Central", "country": "HK"}

    assert check_out(buyer, shipping_address=address).status_code == 202
    assert Order.objects.get().shipping_address == address


@pytest.mark.parametrize("area", ["California", "CA", "ca", "US-CA", "us-ca"])
def test_a_state_is_kept_by_its_code(area: str) -> None:
    assert accepted({**SAN_FRANCISCO, "administrative_area": area}) == SAN_FRANCISCO


@pytest.mark.parametrize(
    ("country", "sent", "kept"),
    [
        ("CA", {"administrative_area": "québec", "postal_code": "h3z 2y7"}, ("QC", "H3Z 2Y7")),
        ("IN", {"administrative_area": "KA", "postal_code": "560001"}, ("Karnataka", "560001")),
        (
            "MX",
            {"administrative_area": "Ciudad de Mexico", "postal_code": "06082"},
            ("CDMX", "06082"),
        ),
        (
            "JP",
            {"administrative_area": "tokyo", "postal_code": "１５０-0001"},
            ("Tokyo", "150-0001"),
        ),
        ("JP", {"administrative_area": "東京", "postal_code": "1500001"}, ("東京都", "1500001")),
        ("AE", {"administrative_area": "dubai", "city": ""}, ("Dubai", None)),
        ("DE", {"administrative_area": "Berlin", "postal_code": "D-10117"}, ("Berlin", "10117")),
        ("LV", {"postal_code": "1010"}, (None, "LV-1010")),
        ("CH", {"postal_code": "CH-8001"}, (None, "8001")),
        ("IE", {"administrative_area": "-", "postal_code": "d02 x285"}, ("", "D02 X285")),
        ("GB", {"postal_code": "sw1a 1aa"}, (None, "SW1A 1AA")),
        ("HK", {}, (None, None)),
        ("HK", {"postal_code": "", "city": ""}, (None, "")),
        ("HK", {"postal_code": "999077"}, (None, "999077")),
        ("XK", {"postal_code": "10000"}, (None, "10000")),
        ("AQ", {}, (None, None)),
    ],
)
def test_what_a_country_has(
    country: str, sent: dict[str, str], kept: tuple[str | None, str | None]
) -> None:
    address = accepted({**STREET, "city": "Somewhere", "country": country, **sent})
    assert (address.get("administrative_area"), address.get("postal_code")) == kept


STATES = "ACT, JBT, NSW, NT, QLD, SA, TAS, VIC, WA."
AUSTRALIAN = {**ADDRESS, "country": "AU", "postal_code": "2060"}
NEEDED: list[tuple[dict[str, str], dict[str, list[str]]]] = [
    (
        {**STREET, "country": "DE"},
        {"city": ["Needed in DE."], "postal_code": ["Needed in DE, like 26133 or 53225."]},
    ),
    (
        {**ADDRESS, "postal_code": "1011"},
        {"postal_code": ["Not a postal code of DE, which look like 26133 or 53225."]},
    ),
    (AUSTRALIAN, {"administrative_area": [f"Needed in AU: the state, one of {STATES}"]}),
    (
        {**AUSTRALIAN, "administrative_area": "XX"},
        {"administrative_area": [f"No state of AU. One of {STATES}"]},
    ),
    (
        {**ADDRESS, "country": "IE", "postal_code": "99999"},  # not IE99999
        {"postal_code": ["Not a postal code of IE, which look like A65 F4E2."]},
    ),
    (
        {**ADDRESS, "country": "XK", "postal_code": "9999"},
        {"postal_code": ["Not a postal code of XK, which look like 10000."]},
    ),
]


@pytest.mark.django_db(transaction=True)
def test_what_a_country_needs(buyer: Shopper) -> None:
    for address, errors in NEEDED:
        assert refused(buyer, address) == errors


@pytest.mark.django_db(transaction=True)
def test_nothing_is_dropped_in_silence(buyer: Shopper) -> None:
    for name in ("state", "region", "line3", "company"):
        assert refused(buyer, {**SAN_FRANCISCO, name: "CA"}) == {
            name: [
                "Nothing reads this. Known here: name, line1, line2, postal_code, city, "
                "administrative_area (state or province), country."
            ]
        }


LINES = ("name", "line1", "line2", "city", "administrative_area")
HIDDEN = ("\u202e", "\u2066", "\u200f", "\u00ad", "\ufeff", "\U000e0041")


@pytest.mark.django_db(transaction=True)
def test_text_that_turns_or_hides(buyer: Shopper) -> None:
    sentence = "Without invisible characters, such as marks of the direction of writing."
    for field in LINES:
        for mark in HIDDEN:
            address = {**ADDRESS, field: f"Ada{mark}moc.live"}
            assert refused(buyer, address) == {field: [sentence]}
    assert refused(buyer, {**ADDRESS, "name": "\u200d \u200c"}) == {"name": [sentence]}


@pytest.mark.parametrize("name", ["علی\u200cرضا", "ശ്രീ\u200dകുമാർ", "Zoë O'Neill", "李雷", "राम"])
def test_names_of_the_world(name: str) -> None:
    assert accepted({**ADDRESS, "name": name})["name"] == name


WEB = (
    "Pay at http://evil.test",
    "HTTPS://x",
    "www.evil.test",
    "Claim it: evil.com",
    "bit.ly/a1",
    "t.me/x",
    "evil.ru",
    "Evil。com",
    "ｅｖｉｌ．ｃｏｍ",
    "eve@evil.com",
    "мойсайт.рф",
    "evil.mov",
    "Claim your prize: Evil.ZIP",
    "www2.evil.mov",
    "free.evil.vodka",
    "evil.dev.example",
    "evil.网址",
)


@pytest.mark.django_db(transaction=True)
def test_web_addresses(buyer: Shopper) -> None:
    sentence = "Without addresses of web pages or mail. If it is none, put a blank after the point."
    for field in LINES:
        for text in WEB:
            assert refused(buyer, {**ADDRESS, field: text}) == {field: [sentence]}


@pytest.mark.parametrize(
    "line",
    [
        "St.James Square 12",
        "Str.5",
        "c/o J.R.R. Tolkien",
        "Müller GmbH & Co.KG",
        "C.so Italia 5",
        "Avda.de América 12",
        "P.O.Box 12",
        "Stg.2/Top.5",
        "Via Roma 12/A",
        "H.No.12",
        "Ctra.de Madrid km.5",
        "東京都渋谷区1.2.3",
        "S.p.A.",
        "Gazi Mah.Lale Cad.No:5",
        "Flat.No.302, Plot.No.45",
        "Peenya Ind.Estate",
        "Acme Pvt.Ltd",
        "Loc.La Torre 4",
        "10115.Berlin",
        "Quezon.City",
        "37000.Tours",
    ],
)
def test_streets_are_no_web_addresses(line: str) -> None:
    assert accepted({**ADDRESS, "line1": line})["line1"] == line


@pytest.mark.parametrize(
    "name",
    [
        "Wei.Wang",
        "Jin.Kim",
        "jean.pierre dupont",
        "Harry S.Truman Jr.",
        "Ada Byron M.A.",
        "Ada Byron.PhD",
        "Sint.Maarten",
        "Dr.med.Müller",
        "Prof.Best",
        "Mag.Walter",
        "Fam.Schmidt",
        "Meyer.GmbH",
        "Acme Inc.",
        "Ada.Page-Byron",
    ],
)
def test_names_are_no_web_addresses(name: str) -> None:
    assert accepted({**ADDRESS, "name": name})["name"] == name


def test_every_country_has_rules() -> None:
    assert {"XK", "HK", "DE", "US"} < COUNTRIES
    assert len(COUNTRIES) == 250
    for country in sorted(COUNTRIES):
        rules = rules_of(country)
        assert "postal_code" not in rules.required or rules.examples
        assert "administrative_area" not in rules.required or rules.areas


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        (ADDRESS, ["Ada Byron", "1 Analytical Way", "10115 Berlin", "GERMANY"]),
        (
            SAN_FRANCISCO,
            ["Ada Byron", "1 Analytical Way", "San Francisco, CA 94105", "UNITED STATES"],
        ),
        (
            {**SAN_FRANCISCO, "line2": "Flat 2"},
            ["Ada Byron", "1 Analytical Way", "Flat 2", "San Francisco, CA 94105", "UNITED STATES"],
        ),
        (
            {**ADDRESS, "administrative_area": "Mitte"},
            ["Ada Byron", "1 Analytical Way", "10115 Berlin", "Mitte", "GERMANY"],
        ),
        (
            {**STREET, "city": "Central", "country": "HK", "postal_code": "0"},
            ["Ada Byron", "1 Analytical Way", "Central", "0", "HONG KONG"],
        ),
        (
            {**STREET, "city": "Shibuya", "administrative_area": "Tokyo", "country": "JP"},
            ["Ada Byron", "1 Analytical Way", "Shibuya, Tokyo", "JAPAN"],
        ),
        (
            {"name": "花子", "line1": "1-2-3", "administrative_area": "東京都", "country": "JP"},
            ["東京都", "1-2-3", "花子", "JAPAN"],
        ),
        ({"name": "Ada"}, ["Ada"]),
        ({**ADDRESS, "country": "ZZ"}, ["Ada Byron", "1 Analytical Way", "10115 Berlin", "ZZ"]),
    ],
)
def test_labels(address: dict[str, str], lines: list[str]) -> None:
    assert address_lines(address) == lines


@pytest.mark.django_db(transaction=True)
def test_the_state_is_in_mail_admin_and_answer(
    guest: APIClient, superuser: Staff, mug: Variant
) -> None:
    order = make_order(state=State.CONFIRMED, shipping_address=SAN_FRANCISCO)

    make_mail(order, State.CONFIRMED).send()
    page = superuser.get(f"/admin/orders/order/{order.number}/change/").content.decode()
    secret = {"Order-Secret": order_secret(order.number)}
    shown = guest.get(f"/api/v1/orders/{order.number}/", headers=secret).json()

    assert "\nSan Francisco, CA 94105\nUNITED STATES\n" in mail.outbox[0].body
    assert "<br>San Francisco, CA 94105<br>UNITED STATES" in page
    assert shown["shipping_address"] == SAN_FRANCISCO


@pytest.mark.django_db(transaction=True)
def test_an_order_from_before_is_shown_as_it_was(guest: APIClient) -> None:
    """GIVEN an address that would not be taken any more."""
    old = {**STREET, "postal_code": "94105", "city": "San Francisco", "country": "US"}
    order = make_order(shipping_address=old)

    secret = {"Order-Secret": order_secret(order.number)}
    shown = guest.get(f"/api/v1/orders/{order.number}/", headers=secret)

    assert (shown.status_code, shown.json()["shipping_address"]) == (200, old)
    assert order.address_lines == [
        "Ada Byron",
        "1 Analytical Way",
        "San Francisco, 94105",
        "UNITED STATES",
    ]
