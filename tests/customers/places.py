"""Addresses."""

BERLIN = {
    "name": "Ada Byron",
    "line1": "1 Analytical Way",
    "postal_code": "10115",
    "city": "Berlin",
    "country": "DE",
}
STREET = {"name": "Ada Byron", "line1": "1 Analytical Way"}
SAN_FRANCISCO = {
    **STREET,
    "city": "San Francisco",
    "administrative_area": "CA",
    "postal_code": "94105",
    "country": "US",
}
