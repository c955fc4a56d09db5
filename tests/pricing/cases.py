"""The worked examples of `tests/cases/totals/`, read as what the calculation takes."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pricing.calculation.adjustments import Kind
from pricing.calculation.cart import price_cart
from pricing.calculation.destinations import Destination
from pricing.calculation.lines import CartLine, Shipping, Tier
from pricing.calculation.means import Means, MeansKind
from pricing.calculation.priced import PricedTotals
from pricing.calculation.promotions import (
    AmountOfOrder,
    AmountPerUnit,
    Benefit,
    BenefitClass,
    CheapestFree,
    FreeShipping,
    Gift,
    PercentOfLine,
    PercentOfOrder,
    Promotion,
    Selection,
    UnitsFree,
)
from pricing.calculation.rules import (
    CrossBorder,
    FreeShippingBasis,
    Market,
    NetFrom,
    PointsNature,
    PriceContext,
    RefundOrder,
    Rules,
    ShippingTax,
    TaxLevel,
    TaxTarget,
)
from pricing.calculation.units import Rounding
from pricing.money import Money

CASES = Path(__file__).parent.parent / "cases" / "totals"
#: Settings that the shop has no other value for.
ALWAYS = {
    "promotions.product_conflict": "best_per_line",
    "spread.ties": "canonical",
    "refund.benefits": "shared",
}
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
Data = Mapping[str, Any]


def examples(calculation: str) -> Iterator[tuple[str, Data]]:
    """(name, variant or case) of all examples of a kind."""
    for path in sorted(CASES.glob("P*.json")):
        example = json.loads(path.read_text())
        if example["calculation"] == calculation:
            for number, each in enumerate(example.get("variants") or example["cases"]):
                yield f"{example['id']}-{number}-{each['name']}", each


def maybe(amount: str | None, currency: str) -> Money | None:
    return None if amount is None else Money(Decimal(amount), currency)


def market_of(data: Data) -> Market:
    return Market(
        country=data["country"],
        currency=data["currency"],
        prices_include_tax=data["prices_include_tax"],
        tax_rates={category: Decimal(rate) for category, rate in data["tax_rates"].items()},
    )


def context_of(market: Market) -> PriceContext:
    return PriceContext(market.currency, market, frozenset(), NOON)


def rules_of(settings: Data, currency: str) -> Rules:
    assert {name: settings[name] for name in ALWAYS} == ALWAYS
    tax, _, category = settings["shipping.tax"].partition(":")
    return Rules(
        rounding=Rounding(settings["rounding.mode"]),
        tax_level=TaxLevel(settings["tax.rounding_level"]),
        tax_target=TaxTarget(settings["tax.rounding_target"]),
        shipping_tax=ShippingTax(tax),
        shipping_category=category or "standard",
        free_shipping_from=maybe(settings["shipping.free_from"], currency),
        free_shipping_basis=FreeShippingBasis(settings["shipping.free_from_basis"]),
        points=PointsNature(settings["points.nature"]),
        refund_order=RefundOrder(settings["refund.means_order"]),
        cash_step=maybe(settings["cash.step"], currency),
        net_from=NetFrom(settings.get("tax_free.net_from", "destination")),
        cross_border=CrossBorder(settings.get("prices.cross_border", "gross_kept")),
    )


def line_of(data: Data, currency: str) -> CartLine:
    return CartLine(
        sku=data["id"],
        unit_price=Money(Decimal(data["unit_price"]), currency),
        quantity=data["quantity"],
        tax_category=data["tax_category"],
        list_price=maybe(data.get("list_price"), currency),
        tiers=tuple(
            Tier(tier["from"], Money(Decimal(tier["unit_price"]), currency))
            for tier in data.get("tiers", ())
        ),
        gift=data.get("gift", False),
        no_discount=data.get("no_discount", False),
        needs_shipping=data["tax_category"] != "voucher_mpv",
    )


def benefit_of(data: Data, currency: str) -> Benefit:
    amount, cap = (maybe(data.get(name), currency) for name in ("amount", "cap"))
    match data["type"]:
        case "percent_line":
            return PercentOfLine(Decimal(data["percent"]))
        case "percent_order":
            return PercentOfOrder(Decimal(data["percent"]), cap)
        case "amount_unit":
            assert amount
            return AmountPerUnit(amount)
        case "amount_order":
            assert amount
            return AmountOfOrder(amount)
        case "n_for_m":
            return UnitsFree(data["take"], data["pay"], Selection(data["selection"]))
        case "cheapest_free":
            return CheapestFree(data["min_quantity"])
        case "gift":
            return Gift()
        case "free_shipping":
            return FreeShipping(cap)
    raise AssertionError(data)


def promotion_of(data: Data, currency: str) -> Promotion:
    promotion = Promotion(
        source=data["id"],
        benefit=benefit_of(data, currency),
        kind=Kind(data["kind"]),
        combines_with=frozenset(BenefitClass(name) for name in data["combines_with"]),
        exclusive=data.get("exclusive", False),
        skus=frozenset(data["lines"]) if "lines" in data else None,
        minimum=maybe(data.get("minimum"), currency),
    )
    assert promotion.applies_to == data["class"]
    return promotion


def means_of(data: Data, currency: str) -> Means:
    return Means(
        MeansKind(data["type"]),
        available=maybe(data.get("available"), currency),
        points=data.get("points", 0),
        worth=Decimal(data.get("worth", 0)),
    )


def destination_of(data: Data) -> Destination:
    rates = data.get("destination_tax_rates")
    return Destination(
        country=data["country"],
        tax_rates=rates and {category: Decimal(rate) for category, rate in rates.items()},
        vat_id_valid=data.get("vat_id_status") == "valid",
        below_threshold=not data.get("threshold_passed", True),
    )


def price_example(given: Data, settings: Data) -> PricedTotals:
    """The totals of an example's input."""
    market = market_of(given["market"])
    currency = market.currency
    shipping = given.get("shipping")
    return price_cart(
        [line_of(line, currency) for line in given["lines"]],
        context_of(market),
        rules_of(settings, currency),
        promotions=[promotion_of(each, currency) for each in given.get("promotions", ())],
        means=[means_of(each, currency) for each in given.get("means", ())],
        destination=destination_of(given["customer"]) if "customer" in given else None,
        shipping=shipping
        and Shipping(
            shipping["method"],
            Money(Decimal(shipping["price"]), currency),
            shipping.get("free_from_applies", True),
        ),
    )
