"""The tax of what is left of each line and of shipping."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from pricing.calculation.lines import CartLine
from pricing.calculation.rules import Market, Rules, ShippingTax, TaxLevel, TaxTarget
from pricing.calculation.units import divide, ratio, spread

NO_TAX = Decimal(0)


class Taxable(NamedTuple):
    """An amount in smallest units, of so many units, taxed at a rate in percent."""

    amount: int
    rate: Decimal
    quantity: int = 1


def taxes_of(parts: Sequence[Taxable], rules: Rules, *, included: bool) -> list[int]:
    """The tax of each, in smallest units, as the rules round it. `included`: it is in the amounts.

    The parts come in the order in which ties of the spread are decided.
    """
    if rules.tax_level is not TaxLevel.RATE:
        return [rounded_tax(part, rules, included=included) for part in parts]
    taxes = [0] * len(parts)
    by_rate: dict[Decimal, list[int]] = defaultdict(list)
    for place, part in enumerate(parts):
        by_rate[part.rate].append(place)
    for rate, places in by_rate.items():
        amounts = [parts[place].amount for place in places]
        tax = rounded_tax(Taxable(sum(amounts), rate), rules, included=included)
        for place, share in zip(places, spread(tax, amounts), strict=True):
            taxes[place] = share
    return taxes


def rounded_tax(part: Taxable, rules: Rules, *, included: bool) -> int:
    """Of the whole amount, or at unit level of one unit, times its units."""
    numerator, denominator = ratio(part.rate)
    units = part.quantity if rules.tax_level is TaxLevel.UNIT else 1
    whole = denominator + numerator if included else denominator
    if included and rules.tax_target is TaxTarget.NET:
        net = divide(part.amount * denominator, whole * units, rules.rounding) * units
        return max(0, part.amount - net)
    return divide(part.amount * numerator, whole * units, rules.rounding) * units


def shipping_parts(
    charge: int, lines: Sequence[tuple[CartLine, int]], market: Market, rules: Rules
) -> list[Taxable]:
    """Shipping by rate, the highest first. `lines` with what is left of each."""
    sent = [(line, left) for line, left in lines if line.needs_shipping]
    rates = [market.tax_rate(line.tax_category) for line, _ in sent]
    match rules.shipping_tax:
        case ShippingTax.PROPORTIONAL if sent:
            return spread_charge(charge, zip(rates, (left for _, left in sent), strict=True))
        case ShippingTax.TAXABLE_IF_ANY if sent:
            return [Taxable(charge, max(rates))]
        case ShippingTax.OWN_RATE:
            return [Taxable(charge, market.tax_rate(rules.shipping_category))]
    return [Taxable(charge, NO_TAX)]


def spread_charge(charge: int, goods: Iterable[tuple[Decimal, int]]) -> list[Taxable]:
    """Over the goods' rates, by what is left of the goods; over the highest where nothing is."""
    weights: dict[Decimal, int] = defaultdict(int)
    for rate, left in goods:
        weights[rate] += left
    rates = sorted(weights, reverse=True)
    shares = spread(charge, [weights[rate] for rate in rates])
    return [Taxable(share, rate) for rate, share in zip(rates, shares, strict=True)]
