"""The worked examples of exchanges, prior prices, conversions and points."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from pricing.calculation.cart import price_cart
from pricing.calculation.conversion import Charm, Direction, convert
from pricing.calculation.exchange import exchange
from pricing.calculation.lines import CartLine
from pricing.calculation.means import MeansKind
from pricing.calculation.points import PointsBasis, PointsScheme, points_earned, take_back
from pricing.calculation.prior_prices import Change, prior_price, reduction_percent
from pricing.calculation.refunds import Paid, refund_to_means, refund_units
from pricing.calculation.rules import ExchangePromotions, RefundOrder, Rules, TaxLevel
from pricing.money import Money
from tests.pricing.cases import (
    Data,
    context_of,
    examples,
    line_of,
    market_of,
    means_of,
    promotion_of,
)

EXCHANGES, PRIOR_PRICES, CONVERSIONS, POINTS = (
    dict(examples(kind)) for kind in ("exchange", "prior_price", "conversion", "points")
)
PER_LINE = TaxLevel.LINE


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


@pytest.mark.parametrize("name", EXCHANGES)
def test_an_exchange(name: str) -> None:
    given, expected = EXCHANGES[name]["input"], EXCHANGES[name]["expected"]
    context = context_of(market_of(given["market"]))
    rules = Rules(
        tax_level=PER_LINE,
        exchange_promotions=ExchangePromotions(given["settings"]["exchange.promotions"]),
    )
    benefits = {
        which: [promotion_of(each, "EUR") for each in given[which]["promotions"]]
        for which in ("returned", "replacement")
    }
    bought = CartLine("A", eur(given["returned"]["unit_price"]), 1)
    first = price_cart([bought], context, rules, promotions=benefits["returned"])

    done = exchange(
        refund_units(first.lines[0], 1),
        CartLine("B", eur(given["replacement"]["unit_price"]), 1),
        context,
        rules,
        kept=benefits["returned"],
        today=benefits["replacement"],
    )

    assert {
        "credit_for_returned": str(done.credit.amount),
        "replacement_total": str(done.replacement.total.amount),
        "difference": str(done.difference.amount),
        "difference_tax": str(done.tax.amount),
        "customer": "pays" if done.difference > eur("0") else "receives",
    } == expected


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("name", PRIOR_PRICES)
def test_a_prior_price(name: str) -> None:
    given, expected = PRIOR_PRICES[name]["input"], PRIOR_PRICES[name]["expected"]
    changes = [Change(day(each["from"]), eur(each["price"])) for each in given["history"]]
    first = given["first_reduction_from"]
    assert (given["rule"] == "progressive") == (first is not None)

    prior = prior_price(
        changes,
        day(given["reduction_from"]),
        first_reduced_at=None if first is None else day(first),
    )

    percent = reduction_percent(prior, eur(given["new_price"]))
    assert {
        "prior_price": prior and str(prior.amount),
        "reduction_percent": percent,
        "may_announce_reduction": percent is not None,
    } == expected


@pytest.mark.parametrize("name", CONVERSIONS)
def test_a_conversion(name: str) -> None:
    given, expected = CONVERSIONS[name]["input"], CONVERSIONS[name]["expected"]
    base = Money(Decimal(given["base_price"]), given["base_currency"])

    unit = convert(base, given["currency"], Decimal(given["rate"]), charm_of(given["charm"]))

    assert (str(unit.amount), str((unit * given["quantity"]).amount)) == (
        expected["unit_price"],
        expected["line_total"],
    )


def charm_of(data: Data | None) -> Charm | None:
    if data is None:
        return None
    return Charm(Decimal(data["step"]), Decimal(data["ending"]), Direction(data["direction"]))


@pytest.mark.parametrize("name", POINTS)
def test_points(name: str) -> None:
    given, settings = POINTS[name]["input"], POINTS[name]["input"]["settings"]
    scheme = PointsScheme(
        per=eur(settings["points.per"]),
        rate=int(settings["points.rate"]),
        worth=Decimal("0.01"),
        basis=PointsBasis(settings["points.basis"]),
    )
    totals = price_cart(
        [line_of(line, "EUR") for line in given["lines"]],
        context_of(market_of(given["market"])),
        Rules(tax_level=PER_LINE),
        promotions=[promotion_of(each, "EUR") for each in given["promotions"]],
        means=[means_of(each, "EUR") for each in given["means"]],
    )
    paid = {each.kind: each.amount for each in totals.payments}
    earned = points_earned(totals.subtotal, paid[MeansKind.POINTS], scheme)
    refund = sum(
        (refund_units(line, given["returned"].get(line.sku, 0)).gross for line in totals.lines),
        start=eur("0.00"),
    )

    back = {
        part.kind: part.amount
        for part in refund_to_means(
            refund,
            [Paid(kind, amount, eur("0.00")) for kind, amount in paid.items()],
            RefundOrder(settings["refund.means_order"]),
        )
    }
    points_back = back.get(MeansKind.POINTS, eur("0.00"))
    kept = points_earned(totals.subtotal - refund, paid[MeansKind.POINTS] - points_back, scheme)
    taken = take_back(earned, kept, earned, scheme)

    found: dict[str, Any] = {
        "goods_after_discounts": str(totals.subtotal.amount),
        "earned": earned,
        "refund": str(refund.amount),
        "refund_to": {kind.value: str(amount.amount) for kind, amount in back.items()},
        "points_given_back": int(points_back.amount / scheme.worth),
        "points_for_what_is_kept": kept,
        "taken_back": taken.points,
    }
    assert found == POINTS[name]["expected"]
