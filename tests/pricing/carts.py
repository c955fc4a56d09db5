"""Random carts with random promotions."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import strategies as st

from pricing.calculation.adjustments import Kind
from pricing.calculation.lines import CartLine, Shipping, Tier
from pricing.calculation.means import Means, MeansKind
from pricing.calculation.promotions import (
    AmountOfOrder,
    AmountPerUnit,
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
    FreeShippingBasis,
    Market,
    PointsNature,
    PriceContext,
    Rules,
    ShippingTax,
    TaxLevel,
    TaxTarget,
)
from pricing.calculation.units import Rounding
from pricing.money import Money

Made = TypeVar("Made")
SKUS = "ABCDEFGH"
RATES = {"standard": Decimal(19), "reduced": Decimal(7), "zero": Decimal(0), "ny": Decimal("8.875")}


def context(*, included: bool = True) -> PriceContext:
    market = Market("DE", "EUR", included, RATES)
    return PriceContext("EUR", market, frozenset(), datetime(2026, 11, 27, 12, tzinfo=UTC))


def amounts(most: str) -> st.SearchStrategy[Money]:
    return st.decimals(0, Decimal(most), places=2).map(lambda amount: Money(amount, "EUR"))


def made(kind: Callable[..., Made], *args: Any, **fields: Any) -> st.SearchStrategy[Made]:
    """With only these fields; of a named tuple `st.builds` would draw the others too."""
    return st.builds(lambda *args, **fields: kind(*args, **fields), *args, **fields)


percents = st.decimals(0, 100, places=1)
tiers = st.builds(Tier, st.integers(2, 12), amounts("30"))


def line(sku: str) -> st.SearchStrategy[CartLine]:
    return st.builds(
        CartLine,
        sku=st.just(sku),
        unit_price=amounts("60"),
        quantity=st.integers(1, 12),
        tax_category=st.sampled_from(sorted(RATES)),
        list_price=st.none() | amounts("90"),
        tiers=st.lists(tiers, max_size=2).map(tuple),
        gift=st.sampled_from([False, False, False, True]),
        no_discount=st.sampled_from([False, False, False, True]),
        needs_shipping=st.booleans(),
    )


lines = st.sets(st.sampled_from(SKUS), min_size=1).flatmap(
    lambda skus: st.tuples(*(line(sku) for sku in sorted(skus)))
)
units_free = st.tuples(st.integers(2, 5), st.integers(0, 4), st.sampled_from(Selection)).map(
    lambda given: UnitsFree(given[0], min(given[1], given[0] - 1), given[2])
)
benefits = st.one_of(
    st.builds(PercentOfLine, percents),
    st.builds(AmountPerUnit, amounts("20")),
    units_free,
    st.builds(CheapestFree, st.integers(1, 8)),
    st.just(Gift()),
    st.builds(AmountOfOrder, amounts("200")),
    st.builds(PercentOfOrder, percents, st.none() | amounts("50")),
    st.builds(FreeShipping, st.none() | amounts("8")),
)


def promotion(
    number: int, minimum: st.SearchStrategy[Money | None]
) -> st.SearchStrategy[Promotion]:
    return st.builds(
        Promotion,
        source=st.just(f"P{number}"),
        benefit=benefits,
        kind=st.sampled_from([Kind.PROMOTION, Kind.VOUCHER]),
        combines_with=st.frozensets(st.sampled_from(BenefitClass)),
        exclusive=st.sampled_from([False, False, False, True]),
        skus=st.none() | st.frozensets(st.sampled_from(SKUS), min_size=1),
        minimum=minimum,
    )


def some_promotions(
    most: int, minimum: st.SearchStrategy[Money | None]
) -> st.SearchStrategy[tuple[Promotion, ...]]:
    return st.integers(0, most).flatmap(
        lambda count: st.tuples(*(promotion(number, minimum) for number in range(count)))
    )


promotions = some_promotions(5, st.none() | amounts("150"))
shippings = st.none() | made(Shipping, st.just("parcel"), amounts("20"), st.booleans())
rules = made(
    Rules,
    rounding=st.sampled_from(Rounding),
    tax_level=st.sampled_from(TaxLevel),
    tax_target=st.sampled_from(TaxTarget),
    shipping_tax=st.sampled_from(ShippingTax),
    free_shipping_from=st.none() | amounts("200"),
    free_shipping_basis=st.sampled_from(FreeShippingBasis),
    points=st.sampled_from(PointsNature),
    cash_step=st.none() | st.just(Money(Decimal("0.05"), "EUR")),
)
means = st.lists(
    st.one_of(
        made(Means, st.just(MeansKind.GIFT_CARD), amounts("100")),
        made(
            Means, st.just(MeansKind.POINTS), points=st.integers(0, 3000),
            worth=st.sampled_from([Decimal("0.01"), Decimal("0.007"), Decimal("0.5")]),
        ),
        st.sampled_from([Means(MeansKind.CARD), Means(MeansKind.CASH)]),
    ),
    max_size=3,
)  # fmt: skip
