"""Baskets, offers, vouchers, the checkout's pages, orders and what becomes of them."""

import re
from collections import Counter
from decimal import Decimal
from typing import Any

from django.core import mail
from django.core.management import call_command
from django.test import Client
from oscar.core.loading import get_class, get_model
from oscar.test.factories import create_offer, create_order, create_voucher
from oscar.test.factories.address import UserAddressFactory

from dynamodb.conflicts import retrying
from tests.thirdparty.operations import operation, page, words
from tests.thirdparty.people import user
from tests.thirdparty.races import THREADS, statuses
from tests.thirdparty.with_oscar.catalogue import product

Basket = get_model("basket", "Basket")
Country = get_model("address", "Country")
Order = get_model("order", "Order")
ProductAlert = get_model("customer", "ProductAlert")
StockRecord = get_model("partner", "StockRecord")
Voucher = get_model("voucher", "Voucher")
WishList = get_model("wishlists", "WishList")
EventHandler = get_class("order.processing", "EventHandler")
clients: dict[str, Client] = {}


def buyer(name: str) -> Client:
    """The same client each time, so that it keeps its basket."""
    if name not in clients:
        clients[name] = Client(raise_request_exception=False)
        if name != "guest":
            clients[name].force_login(user(name), "django.contrib.auth.backends.ModelBackend")
    return clients[name]


def add(client: Client, title: str, quantity: int = 1) -> Any:
    form = {"quantity": str(quantity)}
    return client.post(f"/basket/add/{product(title).pk}/", form)


def stock(sku: str) -> list[Any]:
    record = StockRecord.objects.get(partner_sku=sku)
    return [record.num_in_stock, record.num_allocated]


def summary(order: Any) -> list[Any]:
    return [
        order.status,
        str(order.total_incl_tax),
        [[line.title, line.quantity, line.status] for line in order.lines.order_by("pk")],
    ]


@operation
def add_to_the_basket() -> list[Any]:
    client = buyer("guest")
    found = [page(add(client, "Mug 03", 2))[:2], page(add(client, "Mug 04"))[:2]]
    return [*found, page(client.get("/basket/"))]


@operation
def more_than_there_is() -> Any:
    return words(buyer("guest").get(add(buyer("guest"), "Mug 05", 200)["Location"]))


@operation
def change_the_basket() -> list[Any]:
    client = buyer("guest")
    shown = client.get("/basket/").content.decode()
    keys = re.findall(r'name="(form-\d+-id)"[^>]*value="(\d+)"', shown)
    keys += [(n, v) for v, n in re.findall(r'value="(\d+)"[^>]*name="(form-\d+-id)"', shown)]
    form = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", **dict(keys)}
    form |= {"form-0-quantity": "5", "form-1-quantity": "0"}
    done = client.post("/basket/", form)
    lines = Basket.objects.filter(owner=None).latest("pk").lines.order_by("pk")
    return [page(done)[:2], [[line.product.title, line.quantity] for line in lines]]


@operation
def merged_at_sign_in() -> list[Any]:
    user("ada")
    client = buyer("guest")
    form = {"login-username": "ada@example.com", "login-password": "correct horse battery staple"}
    done = client.post("/accounts/login/", {**form, "login_submit": "1"})
    clients["ada"] = clients.pop("guest")
    client.get("/basket/")
    baskets = Basket.objects.order_by("pk").values_list("status", "owner__username")
    return [page(done)[:2], sorted(map(str, baskets))]


@operation
def an_offer() -> list[Any]:
    create_offer(name="A fifth off")
    return page(buyer("ada").get("/basket/"))


@operation
def a_voucher() -> list[Any]:
    voucher = create_voucher(code="TENOFF", name="Ten off", usage="Multi-use")
    client = buyer("ada")
    done = client.post("/basket/vouchers/add/", {"code": "TENOFF"})
    unknown = client.post("/basket/vouchers/add/", {"code": "NOTHING"})
    voucher.refresh_from_db()
    return [page(done)[:2], page(unknown)[:2], voucher.num_basket_additions]


def check_out(client: Client) -> list[Any]:
    form = {
        "first_name": "Ada", "last_name": "Lovelace", "line1": "St James's Square 12",
        "line4": "London", "postcode": "SW1Y 4JH", "country": "GB",
    }  # fmt: skip
    steps = [
        client.get("/checkout/"),
        client.post("/checkout/shipping-address/", form),
        client.get("/checkout/shipping-method/"),
        client.get("/checkout/payment-method/"),
        client.get("/checkout/preview/"),
        client.post("/checkout/preview/", {"action": "place_order"}),
    ]
    return [page(step)[:2] for step in steps]


@operation
def buy() -> list[Any]:
    mail.outbox = []
    Country.objects.create(
        iso_3166_1_a2="GB", iso_3166_1_a3="GBR", iso_3166_1_numeric="826",
        printable_name="United Kingdom", name="United Kingdom", is_shipping_country=True,
    )  # fmt: skip
    steps = check_out(buyer("ada"))
    thanks = page(buyer("ada").get("/checkout/thank-you/"))
    order = Order.objects.latest("pk")
    sent = [[message.to, len(message.subject) > 0] for message in mail.outbox]
    return [steps, thanks[:2], summary(order), stock("MUG-03"), sent]


@operation
def discounts_of_the_order() -> list[Any]:
    order = Order.objects.latest("pk")
    found = [[d.offer_name, d.voucher_code, str(d.amount)] for d in order.discounts.order_by("pk")]
    voucher = Voucher.objects.get(code="TENOFF")
    return [found, voucher.num_orders, str(voucher.total_discount)]


@operation
def orders_of_the_customer() -> list[Any]:
    client, order = buyer("ada"), Order.objects.latest("pk")
    pages = [client.get("/accounts/orders/"), client.get(f"/accounts/orders/{order.number}/")]
    return [[page(each)[0], order.number in each.content.decode()] for each in pages]


@operation
def ship() -> list[Any]:
    order = Order.objects.latest("pk")
    kinds = get_model("order", "ShippingEventType")
    kind, _ = kinds.objects.get_or_create(name="Shipped")
    handler, lines = EventHandler(), order.lines.all()
    handler.handle_shipping_event(order, kind, lines, [line.quantity for line in lines])
    handler.consume_stock_allocations(order)
    handler.handle_order_status_change(order, "Being processed", note_msg="packed")
    order.refresh_from_db()
    events = [[e.event_type.name, e.num_affected_lines()] for e in order.shipping_events.all()]
    notes = [note.message for note in order.notes.all()]
    return [events, notes, order.status, order.shipping_status, stock("MUG-03")]


@operation
def pay() -> list[Any]:
    order = Order.objects.latest("pk")
    kind, _ = get_model("payment", "SourceType").objects.get_or_create(name="Card")
    source = order.sources.create(source_type=kind, amount_allocated=order.total_incl_tax)
    source.debit(Decimal("5.00"), reference="a")
    source.refund(Decimal("2.00"), reference="b")
    source.refresh_from_db()
    found = [[t.txn_type, str(t.amount)] for t in source.transactions.order_by("pk")]
    return [found, str(source.balance), str(source.amount_debited), str(source.amount_refunded)]


@operation
def cancel() -> list[Any]:
    basket = Basket.objects.create(owner=user("bob"))
    basket.strategy = get_class("partner.strategy", "Default")()
    basket.add_product(product("Mug 06"), 3)
    order = create_order("100-cancel", basket=basket, user=user("bob"))
    before = stock("MUG-06")
    EventHandler().cancel_stock_allocations(order)
    EventHandler().handle_order_status_change(order, "Cancelled")
    return [before, stock("MUG-06"), summary(order)]


@operation
def reorder() -> list[Any]:
    order = Order.objects.get(number="100-cancel")
    form = {"order_id": str(order.pk), "action": "reorder"}
    done = buyer("bob").post(f"/accounts/orders/{order.number}/", form)
    basket = Basket.objects.filter(owner=user("bob"), status="Open").latest("pk")
    return [page(done)[:2], [[line.product.title, line.quantity] for line in basket.lines.all()]]


@operation
def address_book() -> list[Any]:
    country = Country.objects.get(pk="GB")
    for line in ("1 Street", "2 Street"):
        UserAddressFactory(user=user("ada"), country=country, line1=line)
    address = user("ada").addresses.get(line1="1 Street")
    client = buyer("ada")
    done = client.get(f"/accounts/addresses/{address.pk}/default_for_shipping/")
    address.refresh_from_db()
    listed = page(client.get("/accounts/addresses/"))
    return [page(done)[:2], address.is_default_for_shipping, listed[:2]]


@operation
def wish_list() -> list[Any]:
    client = buyer("ada")
    done = client.get(f"/accounts/wishlists/add/{product('Mug 07').pk}/")
    client.get(f"/accounts/wishlists/add/{product('Mug 07').pk}/")
    found = WishList.objects.get(owner=user("ada"))
    return [page(done)[:2], [[line.title, line.quantity] for line in found.lines.all()]]


@operation
def alerts() -> list[Any]:
    StockRecord.objects.filter(partner_sku="MUG-08").update(num_in_stock=0)
    mail.outbox = []
    client, mug = buyer("ada"), product("Mug 08")
    made = client.post(f"/accounts/alerts/create/{mug.pk}/")
    alert = ProductAlert.objects.get(product=mug)
    before = [alert.status, alert.user.username]
    StockRecord.objects.get(partner_sku="MUG-08").save()
    StockRecord.objects.filter(partner_sku="MUG-08").update(num_in_stock=9)
    call_command("oscar_send_alerts", verbosity=0)
    alert.refresh_from_db()
    sent = [message.to for message in mail.outbox]
    return [page(made)[:2], before, alert.status, sent]


def crowd(name: str, title: str) -> tuple[Counter[int], int]:
    """16 who are at the last step and take it at once: the statuses, and the orders placed."""
    buyers = [Client(raise_request_exception=False) for _ in range(THREADS)]
    for n, client in enumerate(buyers):
        backend = "django.contrib.auth.backends.ModelBackend"
        client.force_login(user(f"{name}{n:02}"), backend)
        add(client, title)
        check_out_until_preview(client)
    found = statuses(lambda n: buyers[n].post("/checkout/preview/", {"action": "place_order"}))
    placed = Order.objects.filter(user__username__startswith=name).count()
    print(f"16 buy {title}:", dict(found), "placed", placed)  # noqa: T201  into the log
    return found, placed


@operation
def sixteen_buy_the_last_four() -> list[Any]:
    """Stock is allocated for each order that was placed, and nobody gets a 500. How many are
    placed is a matter of luck: oscar looks at the stock before its transaction."""
    StockRecord.objects.filter(partner_sku="MUG-09").update(num_in_stock=4)
    found, placed = crowd("late", "Mug 09")
    return [(stock("MUG-09")[1] or 0) == placed, found[200] + found[302] == THREADS]


@operation
def sixteen_buy_with_the_decorator() -> list[Any]:
    """Oscar's view catches all errors of an order's placement, and shows a page that says so: only
    a decorator below it can run it again."""
    creator = get_class("order.utils", "OrderCreator")
    creator.place_order = retrying(creator.place_order)
    StockRecord.objects.filter(partner_sku="MUG-10").update(num_in_stock=100)
    _, placed = crowd("early", "Mug 10")
    return [placed, stock("MUG-10")[1]]


def check_out_until_preview(client: Client) -> None:
    form = {
        "first_name": "A", "last_name": "B", "line1": "1", "line4": "London",
        "postcode": "SW1Y 4JH", "country": "GB",
    }  # fmt: skip
    client.get("/checkout/")
    client.post("/checkout/shipping-address/", form)
    for step in ("shipping-method", "payment-method", "preview"):
        client.get(f"/checkout/{step}/")
