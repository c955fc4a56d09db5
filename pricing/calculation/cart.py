"""The calculation of a cart, step by step."""

from collections.abc import Iterable, Sequence

from pricing.calculation.benefits import Basket, Discounted, discount
from pricing.calculation.choice import choose
from pricing.calculation.destinations import Destination, Sale, sale_to
from pricing.calculation.lines import CartLine, Shipping
from pricing.calculation.means import Means, MeansKind, pay, worth_of_points
from pricing.calculation.priced import PricedLine, PricedTotals
from pricing.calculation.promotions import BenefitClass, Promotion
from pricing.calculation.rows import Builder, Row, line_rows, shipping_rows
from pricing.calculation.rules import (
    DEFAULT_RULES,
    FreeShippingBasis,
    PointsNature,
    PriceContext,
    Rules,
)
from pricing.calculation.taxes import Taxable, shipping_parts, taxes_of
from pricing.calculation.units import in_units


def price_cart(
    lines: Iterable[CartLine],
    context: PriceContext,
    rules: Rules = DEFAULT_RULES,
    *,
    promotions: Iterable[Promotion] = (),
    shipping: Shipping | None = None,
    means: Sequence[Means] = (),
    destination: Destination | None = None,
) -> PricedTotals:
    """What the cart costs; in docs/money.md step by step. The order of lines and of promotions
    does not matter, that of `means` is the order in which they pay.

    Without `shipping` none is charged. Raises CurrencyMismatch for an amount that is not in the
    context's currency, UnknownTaxCategory, and ValueError for two lines of one SKU.
    """
    lines = tuple(lines)
    if len({line.sku for line in lines}) < len(lines):
        raise ValueError("each SKU has one line")
    sale = Sale(lines, shipping, context.market)
    if destination is not None:
        sale = sale_to(destination, lines, shipping, context.market, rules)
    basket = basket_of(sale, context.currency, rules, means)
    discounted = discount(basket, best_benefits(basket, promotions))
    return finish(sale, basket, discounted, rules, means)


def basket_of(sale: Sale, currency: str, rules: Rules, means: Iterable[Means]) -> Basket:
    lines = sorted(sale.lines, key=lambda line: line.sku)
    free_from = rules.free_shipping_from
    if sale.shipping is None or not sale.shipping.free_from_applies:
        free_from = None
    return Basket(
        currency=currency,
        lines=lines,
        amounts=[in_units(line.price_in_force * line.quantity, currency) for line in lines],
        charge=in_units(sale.shipping.price, currency) if sale.shipping else 0,
        free_from=None if free_from is None else in_units(free_from, currency),
        free_basis=rules.free_shipping_basis,
        points=worth_of_points(means, currency) if rules.points is PointsNature.DISCOUNT else 0,
    )


def best_benefits(basket: Basket, promotions: Iterable[Promotion]) -> Sequence[Promotion]:
    possible = [each for each in promotions if is_possible(basket, each)]
    return choose(
        possible,
        lambda chosen: discount(basket, chosen).to_pay,
        has_thresholds=can_miss_threshold(basket, possible),
    )


def is_possible(basket: Basket, promotion: Promotion) -> bool:
    """Whether it could take something off; what cannot be is never tried."""
    for_shipping = promotion.applies_to is BenefitClass.SHIPPING
    touched = basket.charge if for_shipping else basket.places_of(promotion).touched
    return bool(touched) and basket.reaches_minimum(promotion, basket.amounts)


def can_miss_threshold(basket: Basket, promotions: Iterable[Promotion]) -> bool:
    """Whether a discount may leave too little for a minimum, or for free shipping."""
    of_product = BenefitClass.PRODUCT
    if any(each.minimum is not None and each.applies_to is not of_product for each in promotions):
        return True
    if basket.free_from is None or basket.free_basis is FreeShippingBasis.BEFORE_DISCOUNTS:
        return False
    return bool(basket.charge) and sum(basket.amounts) >= basket.free_from


def finish(
    sale: Sale, basket: Basket, discounted: Discounted, rules: Rules, means: Sequence[Means]
) -> PricedTotals:
    """Tax, means of payment, and all of it as adjustments."""
    lines, parts = priced_parts(sale, basket, discounted, rules)
    if rules.points is PointsNature.DISCOUNT:
        means = [each for each in means if each.kind is not MeansKind.POINTS]
    unpaid = PricedTotals(basket.currency, lines, parts, tax_note=sale.note)
    if not means:
        return unpaid
    payments, rounding = pay(unpaid.total, means, cash_step=rules.cash_step)
    return unpaid._replace(payments=tuple(payments), rounding=rounding)


def priced_parts(
    sale: Sale, basket: Basket, discounted: Discounted, rules: Rules
) -> tuple[tuple[PricedLine, ...], tuple[PricedLine, ...]]:
    """The lines, in the cart's order, and shipping."""
    included = sale.market.prices_include_tax
    goods = [
        Taxable(left, sale.market.tax_rate(line.tax_category), line.quantity)
        for line, left in zip(basket.lines, discounted.left, strict=True)
    ]
    sent, sent_rows = shipping_of(sale, basket, discounted, rules)
    taxes = taxes_of([*goods, *sent], rules, included=included)
    builder = Builder(basket.currency, included=included)
    by_sku = {
        line.sku: builder.line(line.sku, goods[at], line_rows(basket, discounted, at), taxes[at])
        for at, line in enumerate(basket.lines)
    }
    of_shipping = zip(sent, sent_rows, taxes[len(goods) :], strict=True)
    return (
        tuple(by_sku[line.sku] for line in sale.lines),
        tuple(builder.line(None, part, rows, tax) for part, rows, tax in of_shipping),
    )


def shipping_of(
    sale: Sale, basket: Basket, discounted: Discounted, rules: Rules
) -> tuple[list[Taxable], list[list[Row]]]:
    """Shipping by tax rate, and what each part is made of; nothing where nothing is sent."""
    if sale.shipping is None:
        return [], []
    left = list(zip(basket.lines, discounted.left, strict=True))
    parts = shipping_parts(discounted.charge, left, sale.market, rules)
    whole = shipping_parts(basket.charge, left, sale.market, rules)
    weights = [part.amount for part in whole]
    return parts, shipping_rows(sale.shipping, discounted, parts, weights)
