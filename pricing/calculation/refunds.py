"""What goes back when units are returned, and to which means of payment.

A returned unit is worth its share of what was paid for its line: of n units R(j) = round(line x
j / n) are paid back once j of them are back, so a step gives R(after) - R(before), and portions in
any order add up to what was paid. Benefits are not counted again for what is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing.calculation.means import MeansKind
from pricing.calculation.priced import PricedLine
from pricing.calculation.rules import RefundOrder
from pricing.calculation.units import divide, in_units, spread, to_money
from pricing.money import Money


class RefundTooLarge(ValueError):
    """More would go back than there is: of units, of shipping, or of what was paid."""


@dataclass(frozen=True)
class RefundRow:
    """What goes back for a line (a SKU), or for shipping (None, no quantity)."""

    line: str | None
    quantity: int
    gross: Money
    tax: Money
    tax_rate: Decimal


@dataclass(frozen=True)
class Paid:
    """What a means paid, and what of it went back before."""

    kind: MeansKind
    amount: Money
    refunded: Money
    reference: str = ""


@dataclass(frozen=True)
class RefundPart:
    """What goes back to a means."""

    kind: MeansKind
    amount: Money
    reference: str = ""


def refund_units(line: PricedLine, quantity: int, *, returned: int = 0) -> RefundRow:
    """`quantity` more units come back, of which `returned` were back before.

    Raises RefundTooLarge beyond the units that were bought.
    """
    after = returned + quantity
    if not 0 <= returned <= after <= line.quantity:
        raise RefundTooLarge(f"{after} of {line.quantity} units of {line.sku}")
    gross, tax = (
        portion(amount, after, line.quantity) - portion(amount, returned, line.quantity)
        for amount in (line.gross, line.tax)
    )
    return RefundRow(line.sku, quantity, gross, tax, line.tax_rate)


def portion(amount: Money, part: int, whole: int) -> Money:
    """R(part): rounded half up."""
    units = in_units(amount, amount.currency)
    return to_money(divide(units * part, whole) if whole else 0, amount.currency)


def refund_shipping(
    parts: Sequence[PricedLine], amount: Money, refunded: Sequence[Money] = ()
) -> list[RefundRow]:
    """`amount` of shipping goes back, a row for each tax rate, in proportion to what has not gone
    back yet: `refunded` is what has, of each part, nothing by default.

    Of a withdrawal it is no more than the cheapest standard delivery (Directive 2011/83/EU, art.
    13(2)), and nothing while something is kept. Raises RefundTooLarge beyond what was charged.
    """
    currency = amount.currency
    charged = [in_units(part.gross, currency) for part in parts]
    before = [in_units(each, currency) for each in refunded] or [0] * len(parts)
    left = [gross - back for gross, back in zip(charged, before, strict=True)]
    units = in_units(amount, currency)
    if not 0 <= units <= sum(left):
        raise RefundTooLarge(f"{amount} of shipping is more than has not gone back")
    rows = []
    for at, share in enumerate(spread(units, left)):
        tax = [
            portion(parts[at].tax, each, charged[at]) for each in (before[at], before[at] + share)
        ]
        gross = to_money(share, currency)
        rows.append(RefundRow(None, 0, gross, tax[1] - tax[0], parts[at].tax_rate))
    return [row for row in rows if row.gross.amount]


def refund_to_means(amount: Money, paid: Sequence[Paid], order: RefundOrder) -> list[RefundPart]:
    """Which means, in the order in which they paid, gets how much of the refund.

    As they paid one after another, in reverse, or in proportion to what is still refundable; never
    more than a means paid. Raises RefundTooLarge for more than all of them together.
    """
    currency = amount.currency
    units = in_units(amount, currency)
    limits = [in_units(each.amount - each.refunded, currency) for each in paid]
    if not 0 <= units <= sum(limits):
        raise RefundTooLarge(f"{amount} is more than what was paid and has not gone back")
    match order:
        case RefundOrder.PROPORTIONAL:
            shares = spread(units, limits)
        case RefundOrder.REVERSE:
            shares = in_turn(units, limits[::-1])[::-1]
        case RefundOrder.AS_PAID:
            shares = in_turn(units, limits)
    pairs = zip(paid, shares, strict=True)
    return [
        RefundPart(each.kind, to_money(share, currency), each.reference)
        for each, share in pairs
        if share
    ]


def in_turn(units: int, limits: Sequence[int]) -> list[int]:
    """Each takes what it can before the next."""
    shares = []
    for limit in limits:
        shares.append(min(units, limit))
        units -= shares[-1]
    return shares
