"""What holds for any cart with any promotions under any rules."""

from collections.abc import Sequence
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pricing.calculation.adjustments import Adjustment, Kind
from pricing.calculation.cart import price_cart
from pricing.calculation.lines import CartLine, Shipping
from pricing.calculation.means import Means, MeansKind
from pricing.calculation.priced import PricedLine, PricedTotals
from pricing.calculation.promotions import Promotion
from pricing.calculation.refunds import (
    Paid,
    refund_shipping,
    refund_to_means,
    refund_units,
)
from pricing.calculation.rules import RefundOrder, Rules
from pricing.calculation.units import spread
from pricing.money import Money
from tests.pricing import carts

ZERO = Money.zero("EUR")
Cart = tuple[CartLine, ...]


def summed(amounts: Sequence[Money]) -> Money:
    return sum(amounts, start=ZERO)


def of_kind(line: PricedLine, *kinds: Kind) -> list[Adjustment]:
    return [each for each in line.adjustments if each.kind in kinds]


def priced(
    lines: Cart, promotions: tuple[Promotion, ...], rules: Rules, shipping: Shipping | None,
    *, included: bool, means: Sequence[Means] = (),
) -> PricedTotals:  # fmt: skip
    context = carts.context(included=included)
    return price_cart(lines, context, rules, promotions=promotions, shipping=shipping, means=means)


any_cart = given(
    lines=carts.lines,
    promotions=carts.promotions,
    rules=carts.rules,
    shipping=carts.shippings,
    included=st.booleans(),
)


@any_cart
def test_sums_of_parts_are_totals(
    lines: Cart, promotions: tuple[Promotion, ...], rules: Rules, shipping: Shipping | None,
    included: bool,
) -> None:  # fmt: skip
    totals = priced(lines, promotions, rules, shipping, included=included)

    assert summed([each.amount for each in totals.adjustments]) == totals.total
    assert summed([each.tax for each in totals.adjustments]) == totals.tax
    assert summed(list(totals.by_kind.values())) == totals.total
    assert totals.net + totals.tax == totals.total
    for column in ("net", "tax", "gross"):
        by_rate = summed([getattr(each, column) for each in totals.taxes])
        by_part = summed([getattr(each, column) for each in totals.parts])
        assert by_rate == by_part == {"gross": totals.total}.get(column, getattr(totals, column, 0))
    shown = totals.subtotal + totals.shipping
    assert totals.total == (shown if included else shown + totals.tax)
    for each in totals.adjustments:
        assert each.amount == each.amount.quantized()
        assert each.tax == each.tax.quantized()


@any_cart
def test_no_part_is_below_zero(
    lines: Cart, promotions: tuple[Promotion, ...], rules: Rules, shipping: Shipping | None,
    included: bool,
) -> None:  # fmt: skip
    totals = priced(lines, promotions, rules, shipping, included=included)

    for part in totals.parts:
        assert part.subtotal >= ZERO
        assert part.net >= ZERO
        assert part.tax >= ZERO
        for each in of_kind(part, Kind.SALE, Kind.PROMOTION, Kind.VOUCHER):
            assert each.amount < ZERO
    for line, shown in zip(lines, totals.lines, strict=True):
        if line.no_discount:
            assert of_kind(shown, Kind.PROMOTION, Kind.VOUCHER) == []


@given(
    lines=carts.lines,
    promotions=carts.promotions,
    rules=carts.rules,
    shipping=carts.shippings,
    shuffled=st.randoms(use_true_random=False),
)
def test_the_order_of_lines_and_promotions_does_not_matter(
    lines: Cart, promotions: tuple[Promotion, ...], rules: Rules, shipping: Shipping | None,
    shuffled,
) -> None:  # fmt: skip
    totals = priced(lines, promotions, rules, shipping, included=True)
    other_lines, other_promotions = list(lines), list(promotions)
    shuffled.shuffle(other_lines)
    shuffled.shuffle(other_promotions)

    other = priced(tuple(other_lines), tuple(other_promotions), rules, shipping, included=True)

    assert {line.sku: line for line in other.lines} == {line.sku: line for line in totals.lines}
    assert other.shipping_parts == totals.shipping_parts


@given(amount=st.integers(0, 10**9), weights=st.lists(st.integers(0, 10**7), min_size=1))
def test_a_spread_adds_up(amount: int, weights: list[int]) -> None:
    shares = spread(amount, weights)

    assert sum(shares) == amount
    total = sum(weights)
    if total:
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share * total - amount * weight) < total
            assert amount > total or share <= weight


@given(
    lines=carts.lines,
    promotions=carts.promotions,
    rules=carts.rules,
    shipping=carts.shippings,
    means=carts.means,
)
def test_nobody_pays_too_much(
    lines: Cart, promotions: tuple[Promotion, ...], rules: Rules, shipping: Shipping | None,
    means: list[Means],
) -> None:  # fmt: skip
    totals = priced(lines, promotions, rules, shipping, included=True, means=means)

    paid = summed([each.amount for each in totals.payments])
    assert paid + totals.remaining == totals.to_pay
    assert totals.remaining >= ZERO
    rounding = totals.rounding.amount if totals.rounding else ZERO
    assert totals.to_pay == totals.total + rounding
    assert abs(rounding.amount) <= Decimal("0.02")
    if any(each.kind in (MeansKind.CARD, MeansKind.CASH) for each in means):
        assert totals.remaining == ZERO


@given(
    lines=carts.lines,
    promotions=carts.promotions,
    shipping=carts.shippings,
    rules=carts.rules,
    order=st.sampled_from(RefundOrder),
    data=st.data(),
)
def test_refunds_in_any_portions_are_what_was_paid(
    lines: Cart, promotions: tuple[Promotion, ...], shipping: Shipping | None, rules: Rules,
    order: RefundOrder, data,
) -> None:  # fmt: skip
    means = [Means(MeansKind.GIFT_CARD, Money(Decimal(20), "EUR")), Means(MeansKind.CARD)]
    totals = priced(lines, promotions, rules, shipping, included=False, means=means)
    rows = []
    for line in totals.lines:
        returned = 0
        while returned < line.quantity:
            portion = data.draw(st.integers(1, line.quantity - returned))
            rows.append(refund_units(line, portion, returned=returned))
            returned += portion
    refunded = [ZERO] * len(totals.shipping_parts)
    left = summed([part.gross for part in totals.shipping_parts])
    while left > ZERO:
        amount = Money(data.draw(st.decimals(Decimal("0.01"), left.amount, places=2)), "EUR")
        back = refund_shipping(totals.shipping_parts, amount, refunded)
        for at, part in enumerate(totals.shipping_parts):
            of_rate = [row.gross for row in back if row.tax_rate == part.tax_rate]
            refunded[at] = refunded[at] + summed(of_rate)
        rows += back
        left -= amount
    paid = [Paid(each.kind, each.amount, ZERO) for each in totals.payments]
    for row in rows:
        parts = {part.kind: part.amount for part in refund_to_means(row.gross, paid, order)}
        paid = [
            Paid(each.kind, each.amount, each.refunded + parts.get(each.kind, ZERO))
            for each in paid
        ]

    assert all(row.gross >= ZERO and row.tax >= ZERO for row in rows)
    assert summed([row.gross for row in rows]) == totals.total
    assert summed([row.tax for row in rows]) == totals.tax
    assert [each.refunded for each in paid] == [each.amount for each in paid]
