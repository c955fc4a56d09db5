"""The mail that tells how an order ended, in text and HTML."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from mails.services import send_mail
from orders.guest_secrets import order_secret
from orders.models import Order
from orders.states import Status

SUBJECTS = {
    Status.CONFIRMED: "Your order {number} is confirmed",
    Status.CANCELLED: "Your order {number} was cancelled",
}


def send_mail_of(order: Order) -> None:
    """Send it to the order's address. Raises Undeliverable, else what the mail backend raises."""
    status = Status(order.status)
    context = {"order": order, "shop": settings.SHOP_NAME, **way_to(order)}
    message = EmailMultiAlternatives(
        subject=SUBJECTS[status].format(number=order.number),
        body=render_to_string(f"orders/{status.value}.txt", context),
        to=[order.email],
    )
    message.attach_alternative(
        render_to_string(f"orders/{status.value}.html", context), "text/html"
    )
    send_mail(message=message)


def way_to(order: Order) -> dict[str, str]:
    """How a guest comes back to the order: by the storefront's page of it, or, on a laptop that
    has no address of its own, by number and secret.

    Behind the # an address is sent to nobody, and lands in no log.
    """
    secret = order_secret(order.number)
    if not settings.PUBLIC_URL:
        return {"secret": secret}
    return {"link": f"{settings.PUBLIC_URL}/order/#{order.number}.{secret}"}
