"""Each worked example of a cart, to the smallest unit: totals, adjustments, means, refunds."""

from decimal import Decimal
from typing import Any

import pytest

from pricing.calculation.adjustments import Adjustment, Kind
from pricing.calculation.means import MeansKind
from pricing.calculation.priced import PricedLine, PricedTotals
from pricing.calculation.refunds import Paid, refund_shipping, refund_to_means, refund_units
from pricing.calculation.rules import RefundOrder
from pricing.money import Money
from tests.pricing.cases import Data, examples, price_example

CARTS = dict(examples("cart"))


def text(money: Money) -> str:
    return str(money.amount)


def shown_adjustments(adjustments: list[Adjustment]) -> list[dict[str, str]]:
    """As the examples write them: shipping at several rates in one, without tax on top."""
    sums: dict[tuple[str, str], Decimal] = {}
    for each in adjustments:
        if each.kind is not Kind.TAX:
            key = each.kind.value, each.source
            sums[key] = sums.get(key, Decimal(0)) + each.amount.amount
    return [{"kind": kind, "source": of, "amount": str(sum_)} for (kind, of), sum_ in sums.items()]


def shown_line(line: PricedLine) -> dict[str, Any]:
    return {
        "id": line.sku,
        "quantity": line.quantity,
        "adjustments": shown_adjustments(list(line.adjustments)),
        "total": text(line.subtotal),
        "tax_rate": str(line.tax_rate),
        "net": text(line.net),
        "tax": text(line.tax),
        "gross": text(line.gross),
    }


def shown_shipping(totals: PricedTotals) -> dict[str, Any]:
    return {
        "adjustments": shown_adjustments([a for p in totals.shipping_parts for a in p.adjustments]),
        "total": text(totals.shipping),
        "parts": [
            {
                "tax_rate": str(part.tax_rate),
                "amount": text(part.subtotal),
                "net": text(part.net),
                "tax": text(part.tax),
                "gross": text(part.gross),
            }
            for part in totals.shipping_parts
        ],
    }


def shown_means(totals: PricedTotals) -> list[dict[str, Any]]:
    return [
        {"type": each.kind.value, "amount": text(each.amount)}
        | ({"points": each.points} if each.kind is MeansKind.POINTS else {})
        for each in totals.payments
    ]


def shown_totals(totals: PricedTotals) -> dict[str, Any]:
    """In the examples' words; what an example leaves out is left out."""
    shown: dict[str, Any] = {
        "lines": [shown_line(line) for line in totals.lines],
        "taxes": [
            {"tax_rate": str(rate), "net": text(net), "tax": text(tax), "gross": text(gross)}
            for rate, net, tax, gross in totals.taxes
        ],
        "adjustments_by_kind": {kind.value: text(sum_) for kind, sum_ in totals.by_kind.items()},
        "net": text(totals.net),
        "tax": text(totals.tax),
        "total": text(totals.total),
        "remaining": text(totals.remaining),
    }
    if totals.shipping_parts:
        shown["shipping"] = shown_shipping(totals)
    if totals.payments:
        shown["means"] = shown_means(totals)
    if totals.rounding:
        shown["to_pay_cash"] = text(totals.to_pay)
    if totals.tax_note:
        shown["tax_note"] = totals.tax_note
        shown["adjustments_by_kind"]["tax"] = text(totals.tax)
    return shown


@pytest.mark.parametrize("name", CARTS)
def test_a_cart(name: str) -> None:
    variant = CARTS[name]
    totals = price_example(variant["input"], variant["settings"])

    expected = {key: value for key, value in variant["expected"].items() if key != "refunds"}
    assert shown_totals(totals) == expected
    assert sum(each.amount.amount for each in totals.adjustments) == totals.to_pay.amount
    assert sum(each.tax.amount for each in totals.adjustments) == totals.tax.amount


@pytest.mark.parametrize("name", [name for name in CARTS if "refund_steps" in CARTS[name]])
def test_the_refunds_of_a_cart(name: str) -> None:
    variant = CARTS[name]
    totals = price_example(variant["input"], variant["settings"])
    desk = ReturnsDesk(totals, RefundOrder(variant["settings"]["refund.means_order"]))

    shown = [desk.take_back(step) for step in variant["refund_steps"]]

    assert shown == variant["expected"]["refunds"]


class ReturnsDesk:
    """Takes units back, one step after another, and knows what went back before."""

    def __init__(self, totals: PricedTotals, order: RefundOrder):
        self.totals, self.order = totals, order
        self.returned = {line.sku: 0 for line in totals.lines}
        self.nothing = Money.zero(totals.currency)
        self.paid = [Paid(each.kind, each.amount, self.nothing) for each in totals.payments]
        if not self.paid:
            self.paid = [Paid(MeansKind.CARD, totals.total, self.nothing)]

    def take_back(self, step: Data) -> dict[str, Any]:
        rows = []
        for line in self.totals.lines:
            quantity = step["lines"].get(line.sku, 0)
            if quantity:
                returned = self.returned[line.sku]
                rows.append(refund_units(line, quantity, returned=returned))
                self.returned[line.sku] += quantity
        if shipping := step.get("shipping"):
            amount = self.totals.shipping.amount if shipping == "all" else Decimal(shipping)
            parts = self.totals.shipping_parts
            rows += refund_shipping(parts, Money(amount, self.totals.currency))
        refund = sum((row.gross for row in rows), start=self.nothing)
        return {
            "rows": [
                {"line": row.line or "shipping"}
                | ({"quantity": row.quantity} if row.line else {})
                | {"gross": text(row.gross), "tax": text(row.tax)}
                for row in rows
            ],
            "refund": text(refund),
            "tax": text(sum((row.tax for row in rows), start=self.nothing)),
            "to": self.pay_back(refund),
        }

    def pay_back(self, refund: Money) -> list[dict[str, str]]:
        parts = {part.kind: part.amount for part in refund_to_means(refund, self.paid, self.order)}
        self.paid = [
            Paid(paid.kind, paid.amount, paid.refunded + parts.get(paid.kind, self.nothing))
            for paid in self.paid
        ]
        return [{"type": kind.value, "amount": text(amount)} for kind, amount in parts.items()]
