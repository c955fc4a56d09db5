"""The mails that tell what became of an order, in text and HTML."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from orders.guest_secrets import order_secret
from orders.models import Order
from orders.states import State
from payments.states import PaymentStatus

DECLINED = "payment declined"  # how the reason of such a cancellation begins
SUBJECTS = {
    State.CONFIRMED: "Your order {number} is confirmed",
    State.CANCELLED: "Your order {number} was cancelled",
    State.EXPIRED: "Your order {number} has expired",
}


def make_mail(order: Order, kind: State) -> EmailMultiAlternatives:
    """What tells the order's address that it is confirmed, or over."""
    money = what_of_the_money(order)
    context = {"order": order, "shop": settings.SHOP_NAME, "money": money, **way_to(order)}
    message = EmailMultiAlternatives(
        subject=SUBJECTS[kind].format(number=order.number),
        body=render_to_string(f"orders/{kind.value}.txt", context),
        to=[order.email],
    )
    message.attach_alternative(render_to_string(f"orders/{kind.value}.html", context), "text/html")
    return message


def what_of_the_money(order: Order) -> str:
    """What the mail of an order that came to nothing says of it, and no more than is known."""
    if order.was_held or order.payment_status != PaymentStatus.NONE:
        return "What you were charged is refunded."
    was_asked = any(entry["status"] == State.PREPARED for entry in order.history)
    if was_asked and not order.reason.startswith(DECLINED) and order.state != State.EXPIRED:
        return "If you were charged, it is refunded."
    return "You have not been charged."


def way_to(order: Order) -> dict[str, str]:
    """How a guest comes back to the order: by the storefront's page of it, or, on a laptop that
    has no address of its own, by number and secret.

    Behind the # an address is sent to nobody, and lands in no log.
    """
    secret = order_secret(order.number)
    if not settings.PUBLIC_URL:
        return {"secret": secret}
    return {"link": f"{settings.PUBLIC_URL}/order/#{order.number}.{secret}"}
