"""Addresses: what each country needs, what is kept of it, and how a label has it."""

from typing import Any

import pytest

from customers.address_serializers import AddressSerializer
from customers.addresses import address_lines, rules_of
from customers.countries import COUNTRIES
from tests.customers.places import BERLIN, SAN_FRANCISCO, STREET


def accepted(address: dict[str, Any]) -> dict[str, str]:
    """The address as an order would keep it."""
    serializer = AddressSerializer(data=address)
    assert serializer.is_valid(), serializer.errors
    return serializer.validated_data


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


@pytest.mark.parametrize("name", ["علی\u200cرضا", "ശ്രീ\u200dകുമാർ", "Zoë O'Neill", "李雷", "राम"])
def test_names_of_the_world(name: str) -> None:
    assert accepted({**BERLIN, "name": name})["name"] == name


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
    assert accepted({**BERLIN, "line1": line})["line1"] == line


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
    assert accepted({**BERLIN, "name": name})["name"] == name


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
        (BERLIN, ["Ada Byron", "1 Analytical Way", "10115 Berlin", "GERMANY"]),
        (
            SAN_FRANCISCO,
            ["Ada Byron", "1 Analytical Way", "San Francisco, CA 94105", "UNITED STATES"],
        ),
        (
            {**SAN_FRANCISCO, "line2": "Flat 2"},
            ["Ada Byron", "1 Analytical Way", "Flat 2", "San Francisco, CA 94105", "UNITED STATES"],
        ),
        (
            {**BERLIN, "administrative_area": "Mitte"},
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
        ({**BERLIN, "country": "ZZ"}, ["Ada Byron", "1 Analytical Way", "10115 Berlin", "ZZ"]),
    ],
)
def test_labels(address: dict[str, str], lines: list[str]) -> None:
    assert address_lines(address) == lines
