"""What an order keeps of a calculation, and reads again."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pricing.calculation.adjustments import Kind
from pricing.calculation.cart import price_cart
from pricing.calculation.lines import CartLine, Shipping
from pricing.calculation.priced import PricedLine
from pricing.calculation.promotions import AmountOfOrder, Promotion
from pricing.calculation.rules import Rules
from pricing.money import Money
from tests.pricing import carts


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


@given(
    lines=carts.lines,
    promotions=carts.promotions,
    rules=carts.rules,
    shipping=carts.shippings,
    included=st.booleans(),
)
def test_what_is_stored_is_read_again(
    lines: tuple[CartLine, ...], promotions: tuple[Promotion, ...], rules: Rules,
    shipping: Shipping | None, included: bool,
) -> None:  # fmt: skip
    context = carts.context(included=included)
    totals = price_cart(lines, context, rules, promotions=promotions, shipping=shipping)

    for line, priced in zip(lines, totals.lines, strict=True):
        amount = (line.price_in_force * line.quantity).quantized()
        again = PricedLine.of_data(
            priced.as_data(), sku=line.sku, quantity=line.quantity, amount=amount,
            included=included,
        )  # fmt: skip
        assert again == priced
    for part in totals.shipping_parts:
        nothing = Money.zero("EUR")
        assert part == PricedLine.of_data(
            part.as_data(), sku=None, quantity=1, amount=nothing, included=included
        )


def test_its_shape() -> None:
    ten = Promotion("TEN", AmountOfOrder(eur("10.00")), Kind.VOUCHER)
    lines = [CartLine("A", eur("19.99"), 1, list_price=eur("24.99")), CartLine("B", eur("4.00"), 5)]
    shipping = Shipping("parcel", eur("4.90"))

    totals = price_cart(lines, carts.context(), promotions=[ten], shipping=shipping)

    assert [part.as_data() for part in totals.parts] == [
        {
            "r": "19",
            "t": "2.39",
            "x": [
                {"k": "sale", "s": "sale", "a": "-5.00", "t": "-0.80"},
                {"k": "voucher", "s": "TEN", "a": "-5.00", "t": "-0.80"},
            ],
        },
        {
            "r": "19",
            "t": "2.40",
            "x": [{"k": "voucher", "s": "TEN", "a": "-5.00", "t": "-0.80"}],
        },
        {"r": "19", "t": "0.78", "x": [{"k": "shipping", "s": "parcel", "a": "4.90", "t": "0.78"}]},
    ]


def test_a_line_without_discounts_keeps_its_tax_alone() -> None:
    totals = price_cart([CartLine("A", eur("12.00"), 2)], carts.context())
    assert totals.lines[0].as_data() == {"r": "19", "t": "3.83"}
