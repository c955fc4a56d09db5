"""What the worked examples leave out: mistakes, and corners of each step."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from pricing.calculation.adjustments import Kind
from pricing.calculation.cart import price_cart
from pricing.calculation.conversion import Charm, Direction, convert
from pricing.calculation.lines import CartLine, Shipping, Tier
from pricing.calculation.means import Means, MeansKind
from pricing.calculation.points import PointsScheme, Shortfall, TakenBack, take_back
from pricing.calculation.promotions import (
    AmountOfOrder,
    BenefitClass,
    FreeShipping,
    Gift,
    PercentOfLine,
    Promotion,
    UnitsFree,
)
from pricing.calculation.refunds import (
    Paid,
    RefundTooLarge,
    refund_shipping,
    refund_to_means,
    refund_units,
)
from pricing.calculation.rules import (
    PointsNature,
    RefundOrder,
    Rules,
    ShippingTax,
    UnknownTaxCategory,
)
from pricing.calculation.units import Rounding, divide, ratio, spread
from pricing.money import CurrencyMismatch, Money
from tests.pricing import carts

ALL = frozenset(BenefitClass)


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def yen(amount: str) -> Money:
    return Money(Decimal(amount), "JPY")


A, B = CartLine("A", eur("10.00"), 3), CartLine("B", eur("20.00"), 1, "reduced")


def price(*lines: CartLine, rules: Rules | None = None, **more: Any):
    return price_cart(lines, carts.context(), rules or Rules(), **more)


def shown(adjustments) -> list[tuple[str, str]]:
    return [(each.source, str(each.amount.amount)) for each in adjustments]


@pytest.mark.parametrize(
    ("rounding", "found"),
    [
        (Rounding.HALF_UP, [2, 1, 1, 3, -2, -1, 1]),
        (Rounding.HALF_EVEN, [2, 0, 1, 2, -2, 0, 1]),
        (Rounding.DOWN, [1, 0, 0, 2, -1, 0, 1]),
    ],
)
def test_rounding(rounding: Rounding, found: list[int]) -> None:
    numerators = (15, 5, 6, 25, -15, -5, 14)
    assert [divide(each, 10, rounding) for each in numerators] == found


@pytest.mark.parametrize(
    ("percent", "fraction"), [("19", (19, 100)), ("8.875", (71, 800)), ("0", (0, 1))]
)
def test_a_rate_is_an_exact_fraction(percent: str, fraction: tuple[int, int]) -> None:
    assert ratio(Decimal(percent)) == fraction


def test_where_nothing_has_weight_the_first_takes_all() -> None:
    assert spread(5, [0, 0]) == [5, 0]
    assert spread(0, []) == []


@pytest.mark.parametrize(
    ("lines", "more", "error"),
    [
        ([CartLine("A", yen("100"), 1)], {}, CurrencyMismatch),
        ([A], {"shipping": Shipping("parcel", yen("500"))}, CurrencyMismatch),
        ([A], {"rules": Rules(free_shipping_from=yen("1")), "shipping": Shipping("p", eur("1"))},
         CurrencyMismatch),
        ([A], {"promotions": [Promotion("P", AmountOfOrder(yen("1")))]}, CurrencyMismatch),
        ([A], {"means": [Means(MeansKind.CREDIT, yen("1"))]}, CurrencyMismatch),
        ([A._replace(tax_category="books")], {}, UnknownTaxCategory),
        ([A, A], {}, ValueError),
    ],
)  # fmt: skip
def test_what_cannot_be_calculated(
    lines: list[CartLine], more: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        price(*lines, **more)


def test_a_list_price_below_the_price_is_no_sale() -> None:
    totals = price(A._replace(list_price=eur("9.00")))
    assert shown(totals.adjustments) == [("list", "30.00")]


def test_a_sale_that_is_lower_than_a_tier_holds() -> None:
    tier = Tier(2, eur("8.00"))
    totals = price(A._replace(unit_price=eur("7.00"), list_price=eur("10.00"), tiers=(tier,)))
    assert shown(totals.adjustments) == [("list", "30.00"), ("sale", "-9.00")]


def test_a_sale_and_a_tier() -> None:
    tier = Tier(2, eur("8.00"))
    totals = price(A._replace(unit_price=eur("9.00"), list_price=eur("10.00"), tiers=(tier,)))
    assert shown(totals.adjustments) == [("list", "30.00"), ("sale", "-3.00"), ("tier", "-3.00")]


def test_benefits_of_one_source_go_together() -> None:
    both = [
        Promotion("BOTH", AmountOfOrder(eur("5.00")), Kind.VOUCHER, exclusive=True),
        Promotion("BOTH", FreeShipping(), Kind.VOUCHER, exclusive=True),
    ]
    totals = price(A, promotions=both, shipping=Shipping("parcel", eur("4.90")))
    assert (totals.subtotal, totals.shipping) == (eur("25.00"), eur("0.00"))


def test_a_free_unit_is_worth_its_share_of_what_its_line_still_costs() -> None:
    """Ten percent off and 3 for 2, whichever is taken first: never a whole unit of the list."""
    percent = PercentOfLine(Decimal(10))
    for names in ("AB", "BA"):
        some = [
            Promotion(names[0], percent, combines_with=ALL),
            Promotion(names[1], UnitsFree(3, 2), combines_with=ALL),
        ]
        assert price(A, promotions=some).subtotal == eur("18.00")


def test_a_gift_is_for_gifts_alone_and_other_benefits_for_the_rest() -> None:
    gift = B._replace(gift=True)
    some = [
        Promotion("GIFT", Gift(), combines_with=ALL, minimum=eur("30.00")),
        Promotion("TEN%", PercentOfLine(Decimal(10)), combines_with=ALL),
    ]
    totals = price(A, gift, promotions=some)
    assert [shown(line.adjustments) for line in totals.lines] == [
        [("list", "30.00"), ("TEN%", "-3.00")],
        [("list", "20.00"), ("GIFT", "-20.00")],
    ]
    dearer = [replace(some[0], minimum=eur("30.01")), some[1]]
    assert price(A, gift, promotions=dearer).subtotal == eur("47.00")


def test_shipping_at_two_rates_and_what_is_taken_off_it() -> None:
    rules = Rules(shipping_tax=ShippingTax.PROPORTIONAL)
    parcel = Shipping("parcel", eur("4.99"))
    off = Promotion("SHIP", FreeShipping(eur("2.00")))
    totals = price(A, B, rules=rules, shipping=parcel, promotions=[off])
    parts = [(str(part.tax_rate), shown(part.adjustments)) for part in totals.shipping_parts]
    assert parts == [
        ("19", [("parcel", "2.99"), ("SHIP", "-1.20")]),
        ("7", [("parcel", "2.00"), ("SHIP", "-0.80")]),
    ]


def test_shipping_of_goods_that_are_free_is_taxed_at_their_highest_rate() -> None:
    rules = Rules(shipping_tax=ShippingTax.PROPORTIONAL)
    free = Promotion("ALL", AmountOfOrder(eur("50.00")))
    parcel = Shipping("parcel", eur("4.90"))
    totals = price(B, A, rules=rules, shipping=parcel, promotions=[free])
    taxed = [(str(part.tax_rate), str(part.gross.amount)) for part in totals.shipping_parts]
    assert taxed == [("19", "4.90"), ("7", "0.00")]


@pytest.mark.parametrize("how", [ShippingTax.PROPORTIONAL, ShippingTax.TAXABLE_IF_ANY])
def test_shipping_of_nothing_that_is_sent_has_no_tax(how: ShippingTax) -> None:
    card = A._replace(needs_shipping=False)
    totals = price(card, rules=Rules(shipping_tax=how), shipping=Shipping("mail", eur("1.00")))
    assert [str(part.tax) for part in totals.shipping_parts] == ["0.00 EUR"]


def test_points_never_take_more_than_the_goods() -> None:
    points = Means(MeansKind.POINTS, points=9999, worth=Decimal("0.01"))
    parcel = Shipping("parcel", eur("4.90"))
    as_discount = price(
        A, rules=Rules(points=PointsNature.DISCOUNT), means=[points], shipping=parcel
    )
    assert (as_discount.subtotal, as_discount.total) == (eur("0.00"), eur("4.90"))
    assert as_discount.payments == ()


def test_whole_points_pay() -> None:
    """At 0.07 each 142 points pay 9.94 of 10.00; what is left is another's to pay."""
    points = Means(MeansKind.POINTS, points=500, worth=Decimal("0.07"))
    totals = price(A._replace(quantity=1), means=[points])
    assert (totals.payments[0].points, totals.payments[0].amount) == (142, eur("9.94"))
    assert totals.remaining == eur("0.06")


PAID = [
    Paid(MeansKind.GIFT_CARD, eur("10.00"), eur("4.00")),
    Paid(MeansKind.CARD, eur("20.00"), eur("0.00")),
]


@pytest.mark.parametrize(
    "refund",
    [
        lambda line, parts: refund_units(line, 4),
        lambda line, parts: refund_units(line, 1, returned=3),
        lambda line, parts: refund_units(line, -1),
        lambda line, parts: refund_shipping(parts, eur("4.91")),
        lambda line, parts: refund_shipping(parts, eur("0.01"), [eur("4.90")]),
        lambda line, parts: refund_to_means(eur("26.01"), PAID, RefundOrder.AS_PAID),
    ],
)
def test_no_more_goes_back_than_there_is(refund: Callable[..., object]) -> None:
    totals = price(A, shipping=Shipping("parcel", eur("4.90")))
    with pytest.raises(RefundTooLarge):
        refund(totals.lines[0], totals.shipping_parts)


@pytest.mark.parametrize(
    ("direction", "value", "found"),
    [
        (Direction.UP, "10.00", "10.99"),
        (Direction.UP, "10.99", "10.99"),
        (Direction.DOWN, "10.98", "9.99"),
        (Direction.NEAREST, "10.49", "10.99"),
        (Direction.NEAREST, "10.48", "9.99"),
        (Direction.DOWN, "0.50", "0.99"),
    ],
)
def test_charm(direction: Direction, value: str, found: str) -> None:
    charm = Charm(Decimal(1), Decimal("0.99"), direction)
    assert convert(eur(value), "USD", Decimal(1), charm) == Money(Decimal(found), "USD")


def test_charm_that_the_currency_cannot_pay() -> None:
    with pytest.raises(ValueError, match=r"JPY cannot pay 1 and 0\.99"):
        convert(eur("1.00"), "JPY", Decimal(160), Charm(Decimal(1), Decimal("0.99")))


@pytest.mark.parametrize(
    ("shortfall", "balance", "taken"),
    [
        (Shortfall.NEGATIVE_BALANCE, 10, TakenBack(26, eur("0.00"))),
        (Shortfall.DEDUCT_FROM_REFUND, 10, TakenBack(10, eur("0.16"))),
        (Shortfall.DEDUCT_FROM_REFUND, 26, TakenBack(26, eur("0.00"))),
        (Shortfall.DEDUCT_FROM_REFUND, -5, TakenBack(0, eur("0.26"))),
    ],
)
def test_more_points_are_taken_back_than_there_are(
    shortfall: Shortfall, balance: int, taken: TakenBack
) -> None:
    scheme = PointsScheme(eur("1.00"), worth=Decimal("0.01"), shortfall=shortfall)
    assert take_back(106, 80, balance, scheme) == taken
