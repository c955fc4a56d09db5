"""The mails that tell what became of an order, in text and HTML."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.guest_secrets import order_secret
from orders.models import Order
from orders.reasons import DECLINED, is_of
from orders.states import State
from payments.states import PaymentStatus

SUBJECTS = {
    State.CONFIRMED: _("Your order {number} is confirmed"),
    State.CANCELLED: _("Your order {number} was cancelled"),
    State.EXPIRED: _("Your order {number} has expired"),
}


def make_mail(order: Order, kind: State) -> EmailMultiAlternatives:
    """What tells the order's address, in its language, that it is confirmed, or over."""
    with translation.override(order.language):
        context = context_of(order)
        message = EmailMultiAlternatives(
            subject=SUBJECTS[kind].format(number=order.number),
            body=render_to_string(f"orders/{kind.value}.txt", context),
            to=[order.email],
        )
        html = render_to_string(f"orders/{kind.value}.html", context)
    message.attach_alternative(html, "text/html")
    return message


def context_of(order: Order) -> dict[str, Any]:
    return {
        "order": order,
        "number": order.number,
        "language": order.language,
        "shop": settings.SHOP_NAME,
        "money": what_of_the_money(order),
        **way_to(order),
    }


def what_of_the_money(order: Order) -> str:
    """What the mail of an order that came to nothing says of it, and no more than is known."""
    if order.was_held or order.payment_status != PaymentStatus.NONE:
        return gettext("What you were charged is refunded.")
    was_asked = any(entry["status"] == State.PREPARED for entry in order.history)
    if was_asked and not is_of(DECLINED, order.reason) and order.state != State.EXPIRED:
        return gettext("If you were charged, it is refunded.")
    return gettext("You have not been charged.")


def way_to(order: Order) -> dict[str, str]:
    """How a guest comes back to the order: by the storefront's page of it in its language, or, on a
    laptop that has no address of its own, by number and secret.

    Behind the # an address is sent to nobody, and lands in no log.
    """
    secret = order_secret(order.number)
    if not settings.PUBLIC_URL:
        return {"secret": secret}
    folder = "" if order.language == settings.LANGUAGE_CODE else f"/{order.language}"
    return {"link": f"{settings.PUBLIC_URL}{folder}/order/#{order.number}.{secret}"}
